package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.KEY_CONFLICT;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_MALFORMED;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_MISPLACED;

import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.GatewayProblem;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The key that a request carries.
 *
 * @param keys all different ones: in the query, as a Bearer token, in X-Api-Key
 * @param bearer whether the Authorization header is taken for one
 */
record SentKey(Set<String> keys, boolean bearer, Target rest, boolean split) {

  static SentKey of(Request request, Target target, boolean console) {
    var query = target.query().orElse("");
    var keys = new LinkedHashSet<>(Target.keyParameters(query));
    // The console may have its own tokens, so there only well-formed keys are treated as keys.
    var scheme = console ? "bearer " + ApiKeyFormat.PREFIX : "bearer ";
    var bearer =
        request
            .first("authorization")
            .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(scheme))
            .map(value -> value.substring("bearer ".length()));
    bearer.ifPresent(keys::add);
    request.first("x-api-key").ifPresent(keys::add);
    return new SentKey(keys, bearer.isPresent(), target.withoutKey(), splits(query));
  }

  /** Some parsers end a parameter at ";" or "?", others do not: then a key has two meanings. */
  private static boolean splits(String query) {
    var both =
        Arrays.stream(query.split("[&;?]", -1))
            .filter(parameter -> parameter.startsWith("key="))
            .map(parameter -> parameter.substring("key=".length()))
            .toList();
    return !both.equals(List.copyOf(Target.keyParameters(query)));
  }

  /** What is wrong with how the key was sent, regardless of the key. */
  Optional<GatewayProblem> problem() {
    if (rest.text().contains(ApiKeyFormat.PREFIX)) {
      return Optional.of(KEY_MISPLACED);
    }
    if (split) {
      return Optional.of(KEY_MALFORMED);
    }
    return keys.size() > 1 ? Optional.of(KEY_CONFLICT) : Optional.empty();
  }

  Optional<String> key() {
    return keys.stream().findFirst();
  }
}
