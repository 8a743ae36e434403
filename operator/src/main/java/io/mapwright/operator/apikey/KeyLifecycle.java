package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeySpec;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyRotation;
import io.mapwright.operator.api.v1alpha1.KeySecret;
import io.mapwright.operator.api.v1alpha1.OnLoss;
import io.mapwright.operator.model.Durations;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.model.RevokedDigests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a key: pure, a function of what was gathered.
 *
 * <p>A key is made in three durable steps, so that a crash between any two loses nothing and never
 * makes two: its digest goes into {@code status.next}; the key goes into the delivery Secret; the
 * digest moves to {@code status.current}. A {@code next} whose key never reached the Secret is
 * replaced, and nothing of it is remembered: nobody has seen it.
 */
final class KeyLifecycle {
  private static final Duration DEFAULT_GRACE = Duration.ofHours(24);
  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final List<Duration> WARNINGS = List.of(Duration.ofDays(7), Duration.ofDays(1));

  private KeyLifecycle() {}

  /**
   * The digests of a key.
   *
   * @param trigger the rotation trigger that was last acted on
   */
  record Digests(
      @Nullable KeyDigest current,
      @Nullable KeyDigest previous,
      @Nullable KeyDigest next,
      @Nullable String trigger) {
    static final Digests NONE = new Digests(null, null, null, null);

    static Digests of(ApiKey key) {
      return of(Optional.ofNullable(key.getStatus()));
    }

    /** The same without a key that is being made. */
    Digests withoutNext() {
      return next == null ? this : new Digests(current, previous, null, trigger);
    }

    /** Digests that gateways accept, newest last. */
    Stream<String> accepted() {
      return Stream.of(
              Optional.ofNullable(previous),
              Optional.ofNullable(current),
              Optional.ofNullable(next))
          .flatMap(Optional::stream)
          .map(KeyDigest::sha256)
          .flatMap(Stream::ofNullable);
    }

    /** A key with these digests instead of its own. */
    ApiKey in(ApiKey key) {
      if (equals(of(key))) {
        return key;
      }
      var copy = new ApiKey();
      copy.setMetadata(key.getMetadata());
      copy.setSpec(key.getSpec());
      var status = Optional.ofNullable(key.getStatus());
      copy.setStatus(
          new ApiKeyStatus(
              null,
              status.map(ApiKeyStatus::state).orElse(null),
              null,
              null,
              current,
              previous,
              next,
              status.map(ApiKeyStatus::retired).orElse(null),
              null,
              null,
              trigger,
              null,
              null,
              null,
              null,
              null));
      return copy;
    }

    static Digests of(Optional<ApiKeyStatus> status) {
      return status
          .map(s -> new Digests(s.current(), s.previous(), s.next(), s.observedTrigger()))
          .orElse(NONE);
    }
  }

  /** What to do. */
  sealed interface Decision {
    /** Make a key, deliver it, then settle with {@link KeyLifecycle#promote}. */
    record Mint(Digests digests) implements Decision {}

    /** Nothing has to be made. */
    record Keep(Digests digests) implements Decision {}

    /** No digest is accepted any more. */
    record Cut() implements Decision {}
  }

  static Decision decide(KeyFacts facts) {
    var spec = facts.key().getSpec();
    if (revoked(spec) || expired(facts)) {
      return new Decision.Cut();
    }
    var stored = Digests.of(facts.status());
    if (spec.digest() != null) {
      return new Decision.Keep(given(spec.digest(), stored, facts.now()));
    }
    var digests = withoutEnded(stored, facts.now());
    var next = digests.next();
    if (next != null && delivered(next, facts)) {
      return new Decision.Keep(promote(digests, spec.rotation(), facts.now()));
    }
    digests = digests.withoutNext();
    if (RevokedDigests.full(facts.key())) {
      // A digest that is cut is not forgotten to make room for another.
      return new Decision.Keep(digests);
    }
    if (next != null
        || digests.current() == null
        || (replacementDue(facts, digests) && held(digests, facts).isEmpty())) {
      return new Decision.Mint(digests);
    }
    return new Decision.Keep(digests);
  }

  /**
   * Until when a replacement that is due waits: a key has two digests at most, and the former one
   * goes on for the time that the status promised. A {@code rotation.grace} that is shorter by now
   * is the owner's word, and ends the wait earlier.
   */
  static Optional<Instant> waits(KeyFacts facts, Digests digests) {
    return replacementDue(facts, digests) ? held(digests, facts) : Optional.empty();
  }

  private static boolean replacementDue(KeyFacts facts, Digests digests) {
    var spec = facts.key().getSpec();
    return spec.digest() == null
        && (rotationDue(digests, spec.rotation(), facts.now())
            || (lost(facts) && wantsAnother(spec)));
  }

  private static Optional<Instant> held(Digests digests, KeyFacts facts) {
    var current = Optional.ofNullable(digests.current());
    var shortened =
        Optional.ofNullable(facts.key().getSpec().rotation())
            .map(KeyRotation::grace)
            .map(Durations::parse)
            .flatMap(grace ->
                current.map(KeyDigest::createdAt).map(made -> Instant.parse(made).plus(grace)));
    return Optional.ofNullable(digests.previous())
        .map(KeyDigest::notAfter)
        .map(Instant::parse)
        .map(promised -> shortened.filter(promised::isAfter).orElse(promised))
        .filter(facts.now()::isBefore);
  }

  /**
   * Whether a key was delivered so lately that its gateways may be about to accept it. To report it
   * when they do, and not before as well, saves a write for each key of a burst.
   */
  static boolean settling(KeyFacts facts, Digests digests) {
    var current = digests.current();
    return facts.key().getSpec().digest() == null
        && current != null
        && current.createdAt() != null
        && !current.equals(Digests.of(facts.status()).current())
        && facts.now().isBefore(Instant.parse(current.createdAt()).plus(SETTLING));
  }

  /** Makes {@code next} the current digest; the one before goes on for the grace. */
  static Digests promote(Digests digests, @Nullable KeyRotation rotation, Instant now) {
    var old = digests.current();
    var trigger = rotation == null ? null : rotation.trigger();
    if (old == null) {
      return new Digests(digests.next(), digests.previous(), null, trigger);
    }
    var until = now.plus(grace(rotation)).toString();
    var previous = new KeyDigest(old.sha256(), old.keyId(), old.createdAt(), until);
    return new Digests(digests.next(), previous, null, trigger);
  }

  /**
   * Digests of minted keys that are cut for good, newest last: anyone who has such a key must never
   * get in with it again, not even if somebody gives its digest.
   */
  static List<String> retired(KeyFacts facts, Digests digests) {
    var retired = new ArrayList<>(RevokedDigests.of(facts.key()));
    if (facts.key().getSpec().digest() == null) {
      var accepted = digests.accepted().toList();
      seen(facts)
          .accepted()
          .filter(digest -> !accepted.contains(digest) && !retired.contains(digest))
          .forEach(retired::add);
    }
    return List.copyOf(retired);
  }

  /** A key that failed to be delivered leaves nothing behind, however often that happens. */
  private static Digests seen(KeyFacts facts) {
    var stored = Digests.of(facts.status());
    return stored.next() == null || delivered(stored.next(), facts) ? stored : stored.withoutNext();
  }

  static boolean expired(KeyFacts facts) {
    return KeyExpiry.of(facts.key()).map(end -> !facts.now().isBefore(end)).orElse(false);
  }

  static Optional<Instant> nextRotation(Digests digests, @Nullable KeyRotation rotation) {
    var current = digests.current();
    if (rotation == null
        || rotation.every() == null
        || current == null
        || current.createdAt() == null) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(current.createdAt()).plus(Durations.parse(rotation.every())));
  }

  /** How long before its end the owner of a key is told; a shorter life than that goes untold. */
  static Optional<Duration> warning(KeyFacts facts) {
    return warnings(facts)
        .filter(warning -> !facts.now().isBefore(warning.at()))
        .map(Warning::before)
        .min(Duration::compareTo);
  }

  private record Warning(Duration before, Instant at) {}

  private static Stream<Warning> warnings(KeyFacts facts) {
    var made = Instant.parse(facts.key().getMetadata().getCreationTimestamp());
    return KeyExpiry.of(facts.key()).stream()
        .flatMap(end -> WARNINGS.stream().map(before -> new Warning(before, end.minus(before))))
        .filter(warning -> made.isBefore(warning.at()));
  }

  /** The next moment at which time alone changes something. */
  static Optional<Instant> nextDeadline(KeyFacts facts, Digests digests) {
    var previous = digests.previous();
    return Stream.concat(
            warnings(facts).map(Warning::at),
            Stream.of(
                    KeyExpiry.of(facts.key()),
                    nextRotation(digests, facts.key().getSpec().rotation()),
                    waits(facts, digests),
                    Optional.ofNullable(previous == null ? null : previous.notAfter())
                        .map(Instant::parse))
                .flatMap(Optional::stream))
        .filter(facts.now()::isBefore)
        .min(Instant::compareTo);
  }

  private static Digests given(String sha256, Digests stored, Instant now) {
    var known = stored.current();
    return known != null && sha256.equals(known.sha256())
        ? new Digests(known, null, null, null)
        : new Digests(ApiKeyGenerator.digest(sha256, now), null, null, null);
  }

  private static Digests withoutEnded(Digests digests, Instant now) {
    var previous = digests.previous();
    var over =
        previous != null
            && previous.notAfter() != null
            && !now.isBefore(Instant.parse(previous.notAfter()));
    return over ? new Digests(digests.current(), null, digests.next(), digests.trigger()) : digests;
  }

  private static boolean delivered(KeyDigest next, KeyFacts facts) {
    return facts.deliveredDigest().filter(digest -> digest.equals(next.sha256())).isPresent();
  }

  /** Another value in the Secret is somebody's doing and stays: it opens nothing. */
  private static boolean lost(KeyFacts facts) {
    return facts.deliveredDigest().isEmpty();
  }

  private static boolean wantsAnother(ApiKeySpec spec) {
    return Optional.ofNullable(spec.secret()).map(KeySecret::onLoss).orElse(OnLoss.Report)
        == OnLoss.Rotate;
  }

  private static boolean rotationDue(Digests digests, @Nullable KeyRotation rotation, Instant now) {
    if (rotation == null) {
      return false;
    }
    var asked =
        rotation.trigger() != null && !Objects.equals(rotation.trigger(), digests.trigger());
    return asked || nextRotation(digests, rotation).map(due -> !now.isBefore(due)).orElse(false);
  }

  private static Duration grace(@Nullable KeyRotation rotation) {
    if (rotation != null && rotation.grace() != null) {
      return Durations.parse(rotation.grace());
    }
    var half =
        Optional.ofNullable(rotation)
            .map(KeyRotation::every)
            .map(every -> Durations.parse(every).dividedBy(2))
            .orElse(DEFAULT_GRACE);
    return half.compareTo(DEFAULT_GRACE) < 0 ? half : DEFAULT_GRACE;
  }

  /**
   * Whether only the status says what opens the key: it was made by the operator, is neither
   * revoked nor at its end, and nobody asked for another one.
   */
  static boolean livesByItsStatus(KeyFacts facts) {
    var spec = facts.key().getSpec();
    var rotation = spec.rotation();
    var asked =
        rotation != null
            && rotation.trigger() != null
            && !Objects.equals(rotation.trigger(), Digests.of(facts.status()).trigger());
    return spec.digest() == null && !revoked(spec) && !expired(facts) && !asked;
  }

  /** States that a spec asks for without any time being needed. */
  static boolean revoked(ApiKeySpec spec) {
    return Boolean.TRUE.equals(spec.revoked());
  }
}
