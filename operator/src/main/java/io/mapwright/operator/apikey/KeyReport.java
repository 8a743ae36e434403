package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the status of a key from what was observed. Pure. */
final class KeyReport {
  private final KeyFacts facts;
  private final Digests digests;
  private final KeySchedule schedule;
  private final Optional<Problem> problem;
  private final Enforcement enforcement;
  private final Conditions conditions;

  KeyReport(
      KeyFacts facts,
      Digests digests,
      Optional<Problem> problem,
      Enforcement enforcement,
      Conditions conditions) {
    this(facts, digests, KeySchedule.of(facts, digests), problem, enforcement, conditions);
  }

  private KeyReport(
      KeyFacts facts,
      Digests digests,
      KeySchedule schedule,
      Optional<Problem> problem,
      Enforcement enforcement,
      Conditions conditions) {
    this.facts = facts;
    this.digests = digests;
    this.schedule = schedule;
    this.problem = problem;
    this.enforcement = enforcement;
    this.conditions = conditions;
  }

  /** The same with the number of gateways that enforce it. */
  KeyReport enforced(Enforcement known, Conditions fresh) {
    return new KeyReport(facts, digests, schedule, problem, known, fresh);
  }

  Optional<Problem> problem() {
    return problem;
  }

  Enforcement enforcement() {
    return enforcement;
  }

  /** Whether the enforcement by some gateways still has to be reported. */
  boolean awaitsGateways() {
    return !enforcedBefore() && enforcement.pending();
  }

  /** The next time at which the status changes without an event. */
  Optional<Instant> nextDeadline() {
    return schedule.nextDeadline();
  }

  ApiKeyStatus status() {
    var key = facts.key();
    var state = state();
    new KeyConditions(facts, digests, schedule, problem, conditions)
        .setAll(state, keepsReportedEnforcement() ? Optional.empty() : Optional.of(enforcement));
    var given = key.getSpec().digest() != null;
    var retired = KeyLifecycle.retired(facts, digests);
    return new ApiKeyStatus(
        key.getMetadata().getGeneration(),
        state,
        keyId(),
        given ? null : KeyFacts.secretName(key),
        digests.current(),
        digests.previous(),
        digests.next(),
        retired.isEmpty() ? null : retired,
        schedule.end().map(Object::toString).orElse(null),
        schedule.waits().or(schedule::nextRotation).map(Object::toString).orElse(null),
        digests.trigger(),
        enforcedText(),
        revokedEverywhereAt(state),
        facts.lastUsed().map(Object::toString).orElse(null),
        null,
        conditions.list());
  }

  /**
   * Whether every running gateway enforced this state before. That stays true: a gateway that
   * starts later serves nothing before it holds the whole table. So scaling gateways writes no key.
   */
  boolean enforcedBefore() {
    return reportedForThisState()
        .filter(reported -> "True".equals(reported.getStatus()))
        .isPresent();
  }

  /** Unknown enforcement keeps the previous report: this process may just have started. */
  private boolean keepsReportedEnforcement() {
    return enforcedBefore() || (!enforcement.known() && reportedForThisState().isPresent());
  }

  private @Nullable String enforcedText() {
    if (enforcedBefore()) {
      return Enforcement.EVERYWHERE;
    }
    return keepsReportedEnforcement()
        ? facts.status().map(ApiKeyStatus::enforced).orElse(null)
        : enforcement.text();
  }

  private Optional<Condition> reportedForThisState() {
    return facts
        .status()
        .filter(status -> status.state() == state())
        .filter(status ->
            Objects.equals(status.observedGeneration(), facts.key().getMetadata().getGeneration()))
        .filter(status -> Digests.of(Optional.of(status)).equals(digests))
        .flatMap(status -> Conditions.find(status.conditions(), ConditionType.Enforced));
  }

  private KeyState state() {
    if (KeyLifecycle.revoked(facts.key().getSpec())) {
      return KeyState.Revoked;
    }
    if (KeyLifecycle.expired(facts)) {
      return KeyState.Expired;
    }
    if (problem.isPresent() && !(digests.current() != null && onlyDelivery(problem.get()))) {
      return problem.get().reason() == Reason.InstanceNotFound ? KeyState.Pending : KeyState.Denied;
    }
    if (digests.current() == null) {
      return KeyState.Pending;
    }
    return digests.previous() != null ? KeyState.Rotating : KeyState.Active;
  }

  /** A delivered key keeps working when the next one cannot be delivered. */
  private static boolean onlyDelivery(Problem problem) {
    return problem.reason() == Reason.SecretConflict
        || problem.reason() == Reason.NameClash
        || problem.reason() == Reason.SecretRefused;
  }

  private @Nullable String keyId() {
    var current = digests.current();
    var last = facts.status().map(ApiKeyStatus::keyId).orElse(null);
    return current == null ? last : current.keyId();
  }

  private @Nullable String revokedEverywhereAt(KeyState state) {
    if (state != KeyState.Revoked) {
      return null;
    }
    var known = facts.status().map(ApiKeyStatus::revokedEverywhereAt).orElse(null);
    return known == null && enforcement.everywhere()
        ? facts.now().truncatedTo(ChronoUnit.MILLIS).toString()
        : known;
  }
}
