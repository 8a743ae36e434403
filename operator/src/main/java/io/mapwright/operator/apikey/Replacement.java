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

/** When a minted key is replaced by another one, and how long the former one goes on. Pure. */
final class Replacement {
  private static final Duration DEFAULT_GRACE = Durations.parse(Defaults.ROTATION_GRACE);

  private Replacement() {}

  /** Whether a key is to be made in the place of the present one, now. */
  static boolean isNow(KeyFacts facts, Digests digests) {
    return isDue(facts, digests) && held(facts, digests).isEmpty();
  }

  /**
   * Until when a replacement that is due waits: a key has two digests at most, and the former one
   * goes on for the time that the status promised. A {@code rotation.grace} that is shorter by now
   * is the owner's word, and ends the wait earlier.
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

  /** When {@code rotation.every} asks for the next key. */
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

  /** Whether somebody asks for another key than the one that is there. */
  static boolean isAsked(Digests digests, @Nullable KeyRotation rotation) {
    return rotation != null
        && rotation.trigger() != null
        && !Objects.equals(rotation.trigger(), digests.trigger());
  }

  private static boolean rotationDue(Digests digests, @Nullable KeyRotation rotation, Instant now) {
    return isAsked(digests, rotation)
        || nextRotation(digests, rotation).map(due -> !now.isBefore(due)).orElse(false);
  }

  /** Another value in the Secret is somebody's doing and stays: it opens nothing. */
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
