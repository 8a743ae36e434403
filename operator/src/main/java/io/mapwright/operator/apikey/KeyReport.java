package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.gateway.RequestRate;
import io.mapwright.operator.keyring.DigestRefusal;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what was observed of a key. Pure. */
final class KeyReport {
  /**
   * How many running gateways enforce the key's present state.
   *
   * @param known whether each gateway has been heard of since this process started
   * @param seen whether the table holds this very state
   */
  record Enforcement(boolean known, boolean seen, int enforcing, int running) {
    static final Enforcement UNKNOWN = new Enforcement(false, false, 0, 0);

    boolean everywhere() {
      return known && seen && enforcing == running;
    }

    /** Whether there are gateways that are still to take this state over. */
    boolean pending() {
      return running > 0 && !everywhere();
    }

    /** A fraction only while a gateway lacks the state: their number says nothing else of a key. */
    String text() {
      return running > 0 && everywhere() ? EVERYWHERE : count();
    }

    String count() {
      return enforcing + "/" + running;
    }
  }

  /** What {@code status.enforced} says once every running gateway enforces the present state. */
  static final String EVERYWHERE = "all";

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
    expiring(state);
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
        KeyExpiry.of(key).map(Object::toString).orElse(null),
        KeyLifecycle.waits(facts, digests)
            .or(() -> KeyLifecycle.nextRotation(digests, key.getSpec().rotation()))
            .map(Object::toString)
            .orElse(null),
        digests.trigger(),
        enforcedWhere(),
        revokedEverywhereAt(state),
        facts.lastUsed().map(Object::toString).orElse(null),
        null,
        conditions.list());
  }

  /**
   * Whether every gateway that ran enforced this very state already. That stays true: a gateway
   * that starts later serves nothing before it holds the whole table. So gateways that come and go
   * cost no key a write.
   */
  boolean enforcedBefore() {
    return saidOfThisState().filter(said -> "True".equals(said.getStatus())).isPresent();
  }

  /** What this process has not heard yet is not news either: it may just have been started. */
  private boolean keepsEnforcement() {
    return enforcedBefore() || (!enforcement.known() && saidOfThisState().isPresent());
  }

  private @Nullable String enforcedWhere() {
    if (enforcedBefore()) {
      return EVERYWHERE;
    }
    return keepsEnforcement()
        ? facts.status().map(ApiKeyStatus::enforced).orElse(null)
        : enforcement.text();
  }

  private Optional<Condition> saidOfThisState() {
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

  /** A key that was delivered goes on working when the next one cannot be. */
  private static boolean onlyDelivery(Problem problem) {
    return problem.reason() == Reason.SecretConflict
        || problem.reason() == Reason.NameClash
        || problem.reason() == Reason.SecretRefused;
  }

  private void accepted() {
    problem.ifPresent(conditions::problem);
    if (problem.filter(p -> p.type() == ConditionType.Accepted).isEmpty()) {
      conditions.isTrue(ConditionType.Accepted, Reason.SpecValid, "the spec is consistent" + cut());
    }
  }

  /** A lower limit than was asked for is no fault, but has to be known. */
  private String cut() {
    var asked = facts.key().getSpec().rateLimit();
    return facts
        .verdict()
        .limit()
        .map(RequestRate::requestsPerSecond)
        .filter(most -> asked != null && asked.requestsPerSecond() > most)
        .map(most -> "; the instance cuts its limit to " + most + " requests per second")
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
              + " is gone; the key goes on working. Change rotation.trigger to get a new key, or set secret.onLoss to Rotate");
    } else if (!found.get().equals(current.sha256())) {
      conditions.isFalse(
          ConditionType.Delivered,
          Reason.SecretChanged,
          "Secret "
              + name
              + " holds another value than the key that was delivered; that value opens nothing. Change rotation.trigger to get a new key");
    } else {
      conditions.isTrue(
          ConditionType.Delivered, Reason.SecretDelivered, "the key is in Secret " + name);
    }
  }

  private void enforced() {
    if (keepsEnforcement()) {
      conditions.keep(ConditionType.Enforced);
    } else if (enforcement.running() == 0) {
      conditions.unknown(ConditionType.Enforced, Reason.PodsNotReady, "no gateway runs");
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
   * Ready says, as kstatus reads it, that the spec is fulfilled. A key that is revoked or over is
   * what its spec asks for, the one as soon as no gateway accepts it, the other by the clock of
   * each gateway. Were an end a failure, it would hold up all that is applied together with a key
   * that was once given a time.
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
              "the key ended at "
                  + KeyExpiry.of(facts.key()).map(Object::toString).orElse("")
                  + ", as its spec asks, and opens nothing");
      case Pending, Denied -> {
        var because =
            problem.orElse(
                new Problem(ConditionType.Ready, Reason.Progressing, "the key is being made"));
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

  /** Whether only somebody's doing can end a problem. */
  private boolean stays(Problem problem) {
    return Conditions.find(conditions.list(), ConditionType.Accepted)
        .filter(accepted -> UnresolvedReference.onItsWay(problem, accepted, facts.now()))
        .isEmpty();
  }

  /** Told by a condition, so that its Event comes once however often the operator starts. */
  private void expiring(KeyState state) {
    if (state != KeyState.Active && state != KeyState.Rotating) {
      return;
    }
    if (facts.key().getSpec().digest() == null && RevokedDigests.full(facts.key())) {
      conditions.isTrue(
          ConditionType.Expiring,
          Reason.RotationsExhausted,
          "the key was made again as often as its former digests can be kept cut ("
              + RevokedDigests.MOST
              + "), and is not any more; make a new ApiKey");
      return;
    }
    var warning = KeyLifecycle.warning(facts);
    var previous = digests.previous();
    if (warning.isPresent()) {
      conditions.isTrue(
          ConditionType.Expiring,
          warning.get().compareTo(Duration.ofDays(1)) <= 0
              ? Reason.EndsWithinADay
              : Reason.EndsWithinAWeek,
          "the key ends at "
              + KeyExpiry.of(facts.key()).orElseThrow()
              + "; move its end or make another");
    } else if (previous != null) {
      var waits = KeyLifecycle.waits(facts, digests);
      conditions.isTrue(
          ConditionType.Expiring,
          waits.isPresent() ? Reason.RotationWaits : Reason.FormerKeyEnds,
          "the key was replaced; the former one, "
              + previous.keyId()
              + refusal(previous)
                  .map(by -> ", opens nothing: " + by.because(facts.key()))
                  .orElse(", is accepted until " + previous.notAfter())
              + waits.map(KeyReport::waiting).orElse(""));
    }
  }

  private Optional<DigestRefusal> refusal(KeyDigest digest) {
    return Optional.ofNullable(digest.sha256()).map(facts.verdict().refusals()::get);
  }

  private static String waiting(Instant until) {
    return "; the next rotation waits until "
        + until
        + ", for a key has two values at most: set a shorter rotation.grace to end the former one now";
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
