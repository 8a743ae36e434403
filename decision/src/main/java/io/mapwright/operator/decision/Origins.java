package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.ORIGIN_DENIED;
import static io.mapwright.operator.gateway.GatewayProblem.ORIGIN_MISSING;

import io.mapwright.operator.gateway.GatewayProblem;
import io.mapwright.operator.gateway.KeyEntry;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which pages may use a key. */
final class Origins {
  private static final Pattern OF_URL = Pattern.compile("(?s)(https?://[^/?#]*)(?:[/?#].*)?");
  private static final Pattern FIRST_LABEL = Pattern.compile("(https?://)[A-Za-z0-9_-]+(\\..+)");

  private Origins() {}

  /** The requesting page: its Origin, else the Referer, which {@code <img>} sends instead. */
  static Optional<String> page(Request request) {
    return request
        .first("origin")
        .or(() ->
            request
                .first("referer")
                .map(referer -> {
                  var url = OF_URL.matcher(referer);
                  return url.matches() ? url.group(1) : referer;
                }));
  }

  static Optional<GatewayProblem> problem(Request request, KeyEntry key, Table table) {
    if (key.originSet().isEmpty()) {
      return Optional.empty();
    }
    var page = page(request);
    if (page.isEmpty()) {
      return key.missingOriginAllowed() ? Optional.empty() : Optional.of(ORIGIN_MISSING);
    }
    return admits(table, key.originSet().get(), page.get())
        ? Optional.empty()
        : Optional.of(ORIGIN_DENIED);
  }

  /** Character for character, or with exactly one label in the place of the list's {@code *}. */
  static boolean admits(Table table, String set, String page) {
    if (page.contains("*")) {
      return false;
    }
    var label = FIRST_LABEL.matcher(page);
    return table.lists(set, page)
        || (label.matches() && table.lists(set, label.group(1) + "*" + label.group(2)));
  }
}
