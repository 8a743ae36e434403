package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.KeyStatusWriter;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a pass: builds the status, publishes Events, and decides when to check again. */
final class KeyReporter {
  private static final Logger log = LoggerFactory.getLogger(KeyReporter.class);

  private final EnforcementCounter gateways;
  private final StatusSeal seal;
  private final Events events;

  /**
   * The result of a pass.
   *
   * @param patch empty if the stored status is up to date
   * @param again when to check again
   */
  record End(Optional<ApiKey> patch, Duration again) {}

  KeyReporter(EnforcementCounter gateways, StatusSeal seal, Events events) {
    this.gateways = gateways;
    this.seal = seal;
    this.events = events;
  }

  End report(KeyFacts facts, Outcome outcome) {
    var key = facts.key();
    var digests = outcome.digests();
    var problem = DeliveryRules.check(facts).or(outcome::refused);
    var draft = new KeyReport(facts, digests, problem, Enforcement.UNKNOWN, facts.newConditions());
    var enforcement =
        draft.enforcedBefore()
            ? Enforcement.UNKNOWN
            : gateways.count(KeyFacts.with(key, draft.status()));
    if (!outcome.intentStored() && enforcement.pending() && KeyLifecycle.settling(facts, digests)) {
      return new End(Optional.empty(), NextCheck.UNCONFIRMED);
    }
    var conditions = facts.newConditions();
    var report = draft.enforced(enforcement, conditions);
    var status = seal.seal(key.getMetadata().getUid(), report.status(), outcome.seal());
    publishEvents(facts, conditions.changed(), problem);
    var again = NextCheck.after(report, facts.now());
    if (!outcome.intentStored() && Objects.equals(key.getStatus(), status)) {
      return new End(Optional.empty(), again);
    }
    var patch = KeyStatusWriter.patch(key, status);
    if (outcome.intentStored() || !digests.equals(Digests.of(facts.status()))) {
      patch.getMetadata().setResourceVersion(key.getMetadata().getResourceVersion());
    }
    return new End(Optional.of(patch), again);
  }

  private void publishEvents(KeyFacts facts, List<Condition> changed, Optional<Problem> problem) {
    changed.stream()
        .filter(condition -> deservesEvent(condition, facts.status(), problem))
        .forEach(condition -> {
          events.publish(facts.key(), condition);
          logRival(facts, condition);
        });
  }

  /** Conditions and Events name no objects of another namespace; the operator's log may. */
  private static void logRival(KeyFacts facts, Condition condition) {
    facts
        .verdict()
        .refusal(facts.key())
        .filter(_ -> "False".equals(condition.getStatus()))
        .ifPresent(refusal ->
            log.info(
                "ApiKey {} is denied, {} by ApiKey {}",
                NamespacedName.of(facts.key()),
                refusal.kind(),
                refusal.by()));
  }

  /** A newly delivered key is covered by the Event for Ready. */
  private static boolean deservesEvent(
      Condition condition, Optional<ApiKeyStatus> before, Optional<Problem> problem) {
    var good = "True".equals(condition.getStatus());
    if (ConditionType.Delivered.name().equals(condition.getType())) {
      return !good
          || before
              .flatMap(s -> Conditions.find(s.conditions(), ConditionType.Delivered))
              .isPresent();
    }
    if (ConditionType.Expiring.name().equals(condition.getType())) {
      return true;
    }
    return ConditionType.Ready.name().equals(condition.getType())
        && (good || before.isPresent() || problem.isPresent());
  }
}
