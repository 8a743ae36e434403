package io.mapwright.operator.decision;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A path and a query in their normal form (RFC 3986, 6.2.2): escapes in upper case, none for
 * characters that need none, no empty segment inside the path.
 */
public record Target(String path, Optional<String> query) {

  /** Empty if an escape is not one: {@code %} without two hexadecimal digits. */
  static Optional<Target> normal(String sent) {
    return Escapes.normal(sent)
        .map(text -> {
          int mark = text.indexOf('?');
          var path = mark < 0 ? text : text.substring(0, mark);
          return new Target(
              path.replaceAll("/{2,}", "/"),
              mark < 0 ? Optional.empty() : Optional.of(text.substring(mark + 1)));
        });
  }

  /** The same without any {@code key=} parameter; a query that held nothing else goes with it. */
  Target withoutKey() {
    if (query.isEmpty() || keyParameters(query.get()).isEmpty()) {
      return this;
    }
    var rest =
        Arrays.stream(query.get().split("&", -1))
            .filter(parameter -> !parameter.startsWith("key="))
            .collect(Collectors.joining("&"));
    return new Target(path, rest.isEmpty() ? Optional.empty() : Optional.of(rest));
  }

  static java.util.List<String> keyParameters(String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(parameter -> parameter.startsWith("key="))
        .map(parameter -> parameter.substring("key=".length()))
        .toList();
  }

  String lowerPath() {
    return path.toLowerCase(Locale.ROOT);
  }

  public String text() {
    return path + query.map(text -> "?" + text).orElse("");
  }
}
