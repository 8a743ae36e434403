package io.mapwright.operator.report;

import io.mapwright.operator.model.ReplicaState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gateways that the operator cannot reach. Reported at half the time after which they refuse keys:
 * early enough to act. After an operator restart the time counts from its start. Pure.
 *
 * @param maxAge zero for gateways whose table never expires
 */
public record UnreachableReplicas(Collection<ReplicaState> replicas, Duration maxAge) {

  /** Describes the one that has been unreachable for the longest; empty if that is not long. */
  public Optional<String> message(Instant now) {
    return unreachable()
        .filter(replica -> !now.isBefore(replica.since().plus(maxAge.dividedBy(2))))
        .min(Comparator.comparing(ReplicaState::since))
        .map(replica -> describe(replica, now));
  }

  /** When the report changes next. */
  public Optional<Instant> nextChange(Instant now) {
    return unreachable()
        .flatMap(replica ->
            Stream.of(replica.since().plus(maxAge.dividedBy(2)), replica.since().plus(maxAge)))
        .filter(now::isBefore)
        .min(Comparator.naturalOrder());
  }

  private Stream<ReplicaState> unreachable() {
    return maxAge.isZero()
        ? Stream.empty()
        : replicas.stream().filter(replica -> !replica.connected());
  }

  private String describe(ReplicaState replica, Instant now) {
    var end = replica.since().plus(maxAge);
    return "the gateway of pod %s has not been reached since %s, at the least, and %s: check that the operator can reach its port 10999"
        .formatted(
            replica.podName(),
            replica.since().truncatedTo(ChronoUnit.SECONDS),
            now.isBefore(end)
                ? "refuses all keys from " + end.truncatedTo(ChronoUnit.SECONDS) + " on"
                : "refuses all keys (gateway.tableMaxAge)");
  }
}
