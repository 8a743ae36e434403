package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeySpec;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyRotation;
import io.mapwright.operator.api.v1alpha1.KeySecret;
import io.mapwright.operator.api.v1alpha1.OnLoss;
import io.mapwright.operator.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a generated key is replaced, and how long the former one stays valid. Pure. */
final class Replacement {
  private static final Duration DEFAULT_GRACE = Durations.parse(Defaults.ROTATION_GRACE);

  private Replacement() {}

  /** Whether the current key has to be replaced now. */
  static boolean isNow(KeyFacts facts, Digests digests) {
    return isDue(facts, digests) && held(facts, digests).isEmpty();
  }

  /**
   * Until when a due replacement waits: a key has at most two digests, and the former one stays
   * valid for the time promised in the status. Shortening {@code rotation.grace} ends the wait
   * earlier.
   */
  static Optional<Instant> waits(KeyFacts facts, Digests digests) {
    return isDue(facts, digests) ? held(facts, digests) : Optional.empty();
  }

  private static boolean isDue(KeyFacts facts, Digests digests) {
    var spec = facts.key().getSpec();
    return spec.digest() == null
        && (rotationDue(digests, spec.rotation(), facts.now())
            || (lost(facts) && wantsAnother(spec)));
  }

  private static Optional<Instant> held(KeyFacts facts, Digests digests) {
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

  /** Makes {@code next} the current digest; the former one stays valid for the grace period. */
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

  /** When {@code rotation.every} requires the next key. */
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

  /** Whether the trigger requests a new key. */
  static boolean isAsked(Digests digests, @Nullable KeyRotation rotation) {
    return rotation != null
        && rotation.trigger() != null
        && !Objects.equals(rotation.trigger(), digests.trigger());
  }

  private static boolean rotationDue(Digests digests, @Nullable KeyRotation rotation, Instant now) {
    return isAsked(digests, rotation)
        || nextRotation(digests, rotation).map(due -> !now.isBefore(due)).orElse(false);
  }

  /** Another value in the Secret was put there by somebody and stays: it grants no access. */
  private static boolean lost(KeyFacts facts) {
    return facts.deliveredDigest().isEmpty();
  }

  private static boolean wantsAnother(ApiKeySpec spec) {
    return Optional.ofNullable(spec.secret()).map(KeySecret::onLoss).orElse(OnLoss.Report)
        == OnLoss.Rotate;
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
}
