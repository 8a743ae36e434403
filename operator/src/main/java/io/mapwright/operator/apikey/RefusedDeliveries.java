package io.mapwright.operator.apikey;

import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys whose delivery Secret the API server refused. It would refuse the next one too, so
 * generation backs off exponentially, unless the ApiKey or its Secret changes.
 */
final class RefusedDeliveries {
  static final Duration SHORTEST = Duration.ofSeconds(30);
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final Map<NamespacedName, Refused> refused = new ConcurrentHashMap<>();

  private record Refused(
      Long generation, Optional<Delivered> secret, Problem problem, Duration pause, Instant until) {
    boolean isOf(KeyFacts facts) {
      return generation.equals(facts.key().getMetadata().getGeneration())
          && secret.equals(facts.secret());
    }
  }

  /** The recent refusal, if nothing changed since; empty if a key may be generated. */
  Optional<Problem> of(KeyFacts facts) {
    return Optional.ofNullable(refused.get(id(facts)))
        .filter(one -> one.isOf(facts) && facts.now().isBefore(one.until()))
        .map(Refused::problem);
  }

  /**
   * Remembers a refusal.
   *
   * @param code the HTTP status of the answer
   */
  Problem record(KeyFacts facts, int code) {
    var problem = problem(facts, code);
    refused.compute(
        id(facts),
        (_, before) -> {
          var pause =
              before == null || !before.isOf(facts) ? SHORTEST : before.pause().multipliedBy(2);
          pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
          return new Refused(
              facts.key().getMetadata().getGeneration(),
              facts.secret(),
              problem,
              pause,
              facts.now().plus(pause));
        });
    return problem;
  }

  void forget(NamespacedName key) {
    refused.remove(key);
  }

  /** The message of the API server is not used: it may quote the Secret. */
  private static Problem problem(KeyFacts facts, int code) {
    var what = "secret.name: the API server refuses Secret " + KeyFacts.secretName(facts.key());
    var next =
        code == HttpURLConnection.HTTP_FORBIDDEN
            ? " (403): the namespace's quota of Secrets is full, or a policy forbids it; make room for it or allow it"
            : " (" + code + "): if it is immutable, delete it";
    return new Problem(
        ConditionType.Delivered,
        Reason.SecretRefused,
        what + next + ". The operator retries by itself, or at once when the spec is changed");
  }

  private static NamespacedName id(KeyFacts facts) {
    return NamespacedName.of(facts.key());
  }
}
