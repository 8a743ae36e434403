package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what was observed of a key. Pure. */
final class KeyReport {
  /**
   * How many running gateways enforce the key's present state.
   *
   * @param seen whether the table holds this very state
   */
  record Enforcement(boolean seen, int enforcing, int running) {
    boolean everywhere() {
      return seen && enforcing == running;
    }

    String text() {
      return enforcing + "/" + running;
    }
  }

  private final KeyFacts facts;
  private final Digests digests;
  private final Optional<Problem> problem;
  private final Enforcement enforcement;
  private final Conditions conditions;

  KeyReport(
      KeyFacts facts,
      Digests digests,
      Optional<Problem> problem,
      Enforcement enforcement,
      Conditions conditions) {
    this.facts = facts;
    this.digests = digests;
    this.problem = problem;
    this.enforcement = enforcement;
    this.conditions = conditions;
  }

  ApiKeyStatus status() {
    var key = facts.key();
    var state = state();
    accepted();
    delivered(state);
    enforced();
    ready(state);
    var given = key.getSpec().digest() != null;
    return new ApiKeyStatus(
        key.getMetadata().getGeneration(),
        state,
        keyId(),
        given ? null : KeyFacts.secretName(key),
        digests.current(),
        digests.previous(),
        digests.next(),
        KeyExpiry.of(key).map(Object::toString).orElse(null),
        KeyLifecycle.nextRotation(digests, key.getSpec().rotation())
            .map(Object::toString)
            .orElse(null),
        digests.trigger(),
        enforcement.text(),
        revokedEverywhereAt(state),
        conditions.list());
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

  /** A key that was delivered goes on working when the next one can not be. */
  private static boolean onlyDelivery(Problem problem) {
    return problem.reason() == Reason.SecretConflict || problem.reason() == Reason.NameClash;
  }

  private void accepted() {
    problem.ifPresentOrElse(
        conditions::problem,
        () -> conditions.isTrue(ConditionType.Accepted, "the spec is consistent"));
  }

  private void delivered(KeyState state) {
    var current = digests.current();
    if (facts.key().getSpec().digest() != null
        || current == null
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
              + " is gone; the key goes on working. Change rotation.trigger to get a new key");
    } else if (!found.get().equals(current.sha256())) {
      conditions.isFalse(
          ConditionType.Delivered,
          Reason.SecretChanged,
          "Secret "
              + name
              + " holds another value than the key that was delivered; that value opens nothing. Change rotation.trigger to get a new key");
    } else {
      conditions.isTrue(ConditionType.Delivered, "the key is in Secret " + name);
    }
  }

  private void enforced() {
    if (enforcement.running() == 0) {
      conditions.unknown(ConditionType.Enforced, Reason.PodsNotReady, "no gateway runs");
    } else if (enforcement.everywhere()) {
      conditions.isTrue(ConditionType.Enforced, "every running gateway enforces this state");
    } else {
      conditions.isFalse(
          ConditionType.Enforced,
          Reason.TableNotEnforced,
          enforcement.text() + " running gateways enforce this state");
    }
  }

  private void ready(KeyState state) {
    switch (state) {
      case Active, Rotating ->
          conditions.isTrue(ConditionType.Ready, "the key is accepted" + until());
      case Revoked ->
          conditions.isFalse(ConditionType.Ready, Reason.Revoked, "spec.revoked is true");
      case Expired ->
          conditions.isFalse(
              ConditionType.Ready,
              Reason.Expired,
              "the key ended at " + KeyExpiry.of(facts.key()).map(Object::toString).orElse(""));
      case Pending, Denied -> {
        var because =
            problem.orElse(
                new Problem(ConditionType.Ready, Reason.Progressing, "the key is being made"));
        conditions.isFalse(ConditionType.Ready, because.reason(), because.message());
        conditions.abnormal(
            problem.isPresent() ? ConditionType.Stalled : ConditionType.Reconciling,
            because.reason(),
            because.message());
      }
    }
  }

  private String until() {
    return KeyExpiry.of(facts.key()).map(end -> " until " + end).orElse("");
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
