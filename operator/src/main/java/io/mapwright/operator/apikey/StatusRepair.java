package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.KeyStatusWriter;
import io.mapwright.operator.kube.StatusRepairLimiter;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import java.util.Optional;

/**
 * Repairs a status that somebody else wrote. The last known status is restored; if none is known,
 * the key grants no access, and the stored status is left for an operator with the right seal key
 * to adopt.
 */
final class StatusRepair {
  private final KeyStatusWriter statuses;
  private final StatusSeal seal;
  private final Events events;
  private final StatusRepairLimiter limiter = new StatusRepairLimiter();

  StatusRepair(KeyStatusWriter statuses, StatusSeal seal, Events events) {
    this.statuses = statuses;
    this.seal = seal;
    this.events = events;
  }

  /**
   * Repairs the status of a key.
   *
   * @param soon when to check again after the repair
   * @return when to check again; empty if nothing is left to do
   */
  Optional<Duration> repair(KeyFacts facts, Duration soon) {
    var key = facts.key();
    var status = facts.status().orElseThrow();
    if (!TrustedStatus.remembered(status) && KeyLifecycle.dependsOnStatus(facts)) {
      report(facts);
      return Optional.empty();
    }
    var turn = limiter.take(key.getMetadata().getUid(), facts.now());
    if (!turn.now()) {
      return Optional.of(turn.pause());
    }
    statuses.replace(key, seal.seal(key.getMetadata().getUid(), status, status.seal()));
    if (turn.publishEvent()) {
      events.publish(key, ForeignStatus.restored(facts.now()));
    }
    return Optional.of(soon);
  }

  private void report(KeyFacts facts) {
    var conditions = facts.newConditions();
    ForeignStatus.report(conditions);
    if (!conditions.list().equals(facts.status().map(ApiKeyStatus::conditions).orElse(null))) {
      statuses.writeConditions(facts.key(), conditions.list());
      conditions.changed().stream()
          .filter(condition -> ConditionType.Ready.name().equals(condition.getType()))
          .forEach(condition -> events.publish(facts.key(), condition));
    }
  }
}
