package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.RequestRate;
import io.mapwright.operator.keyring.DigestRefusal;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sets the conditions of a key from what was observed. Pure. */
final class KeyConditions {
  private final KeyFacts facts;
  private final Digests digests;
  private final KeySchedule schedule;
  private final Optional<Problem> problem;
  private final Conditions conditions;

  KeyConditions(
      KeyFacts facts,
      Digests digests,
      KeySchedule schedule,
      Optional<Problem> problem,
      Conditions conditions) {
    this.facts = facts;
    this.digests = digests;
    this.schedule = schedule;
    this.problem = problem;
    this.conditions = conditions;
  }

  /**
   * Sets all of them.
   *
   * @param enforcement empty to keep the previous condition
   */
  void setAll(KeyState state, Optional<Enforcement> enforcement) {
    accepted();
    delivered(state);
    enforcement.ifPresentOrElse(this::enforced, () -> conditions.keep(ConditionType.Enforced));
    ready(state);
    expiring(state);
  }

  private void accepted() {
    problem.ifPresent(conditions::problem);
    if (problem.filter(p -> p.type() == ConditionType.Accepted).isEmpty()) {
      conditions.isTrue(
          ConditionType.Accepted, Reason.SpecValid, "the spec is consistent" + limitNote());
    }
  }

  /** A limit below the requested one is no error, but has to be visible. */
  private String limitNote() {
    var asked = facts.key().getSpec().rateLimit();
    return facts
        .verdict()
        .limit()
        .map(RequestRate::requestsPerSecond)
        .filter(most -> asked != null && asked.requestsPerSecond() > most)
        .map(most -> "; the instance lowers its limit to " + most + " requests per second")
        .orElse("");
  }

  private void delivered(KeyState state) {
    var current = digests.current();
    if (facts.key().getSpec().digest() != null
        || current == null
        || problem.filter(p -> p.type() == ConditionType.Delivered).isPresent()
        || (state != KeyState.Active && state != KeyState.Rotating)) {
      return;
    }
    var name = KeyFacts.secretName(facts.key());
    var found = facts.deliveredDigest();
    if (found.isEmpty()) {
      conditions.isFalse(
          ConditionType.Delivered,
          Reason.SecretMissing,
          "Secret "
              + name
              + " is gone; the key keeps working. Change rotation.trigger to get a new key, or set secret.onLoss to Rotate");
    } else if (!found.get().equals(current.sha256())) {
      conditions.isFalse(
          ConditionType.Delivered,
          Reason.SecretChanged,
          "Secret "
              + name
              + " holds a value other than the delivered key, which grants no access. Change rotation.trigger to get a new key");
    } else {
      conditions.isTrue(
          ConditionType.Delivered, Reason.SecretDelivered, "the key is in Secret " + name);
    }
  }

  private void enforced(Enforcement enforcement) {
    if (enforcement.running() == 0) {
      conditions.unknown(ConditionType.Enforced, Reason.PodsNotReady, "no gateway is running");
    } else if (enforcement.everywhere()) {
      conditions.isTrue(
          ConditionType.Enforced,
          Reason.AllReplicasEnforce,
          "every running gateway enforces this state");
    } else {
      conditions.isFalse(
          ConditionType.Enforced,
          Reason.TableNotEnforced,
          enforcement.count() + " running gateways enforce this state");
    }
  }

  /**
   * Ready means, as kstatus reads it, that the spec is fulfilled. A revoked or expired key is what
   * its spec asks for: the former once no gateway accepts it, the latter by the clock of each
   * gateway. If expiry were a failure, it would block everything that is applied together with such
   * a key.
   */
  private void ready(KeyState state) {
    switch (state) {
      case Active, Rotating ->
          conditions.isTrue(ConditionType.Ready, Reason.Active, "the key is accepted" + until());
      case Revoked -> revoked();
      case Expired ->
          conditions.isTrue(
              ConditionType.Ready,
              Reason.Expired,
              "the key expired at "
                  + schedule.end().map(Object::toString).orElse("")
                  + ", as its spec asks, and grants no access");
      case Pending, Denied -> {
        var because =
            problem.orElse(
                new Problem(ConditionType.Ready, Reason.Progressing, "the key is being generated"));
        conditions.isFalse(ConditionType.Ready, because.reason(), because.message());
        conditions.abnormal(
            problem.filter(this::stays).isPresent()
                ? ConditionType.Stalled
                : ConditionType.Reconciling,
            because.reason(),
            because.message());
      }
    }
  }

  /** Whether a problem needs intervention. */
  private boolean stays(Problem problem) {
    return Conditions.find(conditions.list(), ConditionType.Accepted)
        .filter(accepted -> UnresolvedReference.onItsWay(problem, accepted, facts.now()))
        .isEmpty();
  }

  /**
   * Reported by a condition, so that its Event is published once however often the operator
   * restarts.
   */
  private void expiring(KeyState state) {
    if (state != KeyState.Active && state != KeyState.Rotating) {
      return;
    }
    if (facts.key().getSpec().digest() == null && RevokedDigests.full(facts.key())) {
      conditions.isTrue(
          ConditionType.Expiring,
          Reason.RotationsExhausted,
          "the key was rotated as often as its former digests can be kept revoked ("
              + RevokedDigests.MOST
              + "), and is no longer rotated; create a new ApiKey");
      return;
    }
    var warning = schedule.warning();
    var previous = digests.previous();
    if (warning.isPresent()) {
      conditions.isTrue(
          ConditionType.Expiring,
          warning.get().compareTo(Duration.ofDays(1)) <= 0
              ? Reason.EndsWithinADay
              : Reason.EndsWithinAWeek,
          "the key expires at "
              + schedule.end().orElseThrow()
              + "; extend it or create another key");
    } else if (previous != null) {
      var waits = schedule.waits();
      conditions.isTrue(
          ConditionType.Expiring,
          waits.isPresent() ? Reason.RotationWaits : Reason.FormerKeyEnds,
          "the key was replaced; the former one, "
              + previous.keyId()
              + refusal(previous)
                  .map(by -> ", grants no access: " + by.because(facts.key()))
                  .orElse(", is accepted until " + previous.notAfter())
              + waits.map(KeyConditions::waiting).orElse(""));
    }
  }

  private Optional<DigestRefusal> refusal(KeyDigest digest) {
    return Optional.ofNullable(digest.sha256()).map(facts.verdict().refusals()::get);
  }

  private static String waiting(Instant until) {
    return "; the next rotation waits until "
        + until
        + ", because a key has at most two values: set a shorter rotation.grace to end the former one now";
  }

  private void revoked() {
    var enforced = Conditions.find(conditions.list(), ConditionType.Enforced).orElseThrow();
    if ("False".equals(enforced.getStatus())) {
      var message = "spec.revoked is true; " + enforced.getMessage();
      conditions.isFalse(ConditionType.Ready, Reason.TableNotEnforced, message);
      conditions.abnormal(ConditionType.Reconciling, Reason.TableNotEnforced, message);
    } else {
      conditions.isTrue(ConditionType.Ready, Reason.Revoked, "revoked, as spec.revoked asks");
    }
  }

  private String until() {
    return schedule.end().map(end -> " until " + end).orElse("");
  }
}
