package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeySpec;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.model.RevokedDigests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what becomes of a key: pure, a function of what was gathered.
 *
 * <p>A key is made in three durable steps, so that a crash between any two loses nothing and never
 * makes two: its digest goes into {@code status.next}; the key goes into the delivery Secret; the
 * digest moves to {@code status.current}. A {@code next} whose key never reached the Secret is
 * replaced, and nothing of it is remembered: nobody has seen it.
 */
final class KeyLifecycle {
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private KeyLifecycle() {}

  /** What to do. */
  sealed interface Decision {
    /** Make a key, deliver it, then settle with {@link Replacement#promote}. */
    record Mint(Digests digests) implements Decision {}

    /** Nothing has to be made. */
    record Keep(Digests digests) implements Decision {}

    /** No digest is accepted any more. */
    record Cut() implements Decision {}
  }

  /** Whether an ApiKey is not being deleted. One that is has its digests cut and needs no pass. */
  static boolean exists(ApiKey key) {
    return key.getMetadata().getDeletionTimestamp() == null;
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
      return new Decision.Keep(Replacement.promote(digests, spec.rotation(), facts.now()));
    }
    digests = digests.withoutNext();
    if (RevokedDigests.full(facts.key())) {
      // A digest that is cut is not forgotten to make room for another.
      return new Decision.Keep(digests);
    }
    if (next != null || digests.current() == null || Replacement.isNow(facts, digests)) {
      return new Decision.Mint(digests);
    }
    return new Decision.Keep(digests);
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

  /**
   * Digests of minted keys that are cut for good, newest last: anyone who has such a key must never
   * get in with it again, not even if somebody gives its digest.
   */
  static List<String> retired(KeyFacts facts, Digests digests) {
    var retired = new ArrayList<>(RevokedDigests.of(facts.key()));
    if (facts.key().getSpec().digest() == null) {
      var accepted = digests.accepted().toList();
      storedDigests(facts)
          .accepted()
          .filter(digest -> !accepted.contains(digest) && !retired.contains(digest))
          .forEach(retired::add);
    }
    return List.copyOf(retired);
  }

  /** A key that failed to be delivered leaves nothing behind, however often that happens. */
  private static Digests storedDigests(KeyFacts facts) {
    var stored = Digests.of(facts.status());
    return stored.next() == null || delivered(stored.next(), facts) ? stored : stored.withoutNext();
  }

  static boolean expired(KeyFacts facts) {
    return KeyExpiry.of(facts.key()).map(end -> !facts.now().isBefore(end)).orElse(false);
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

  /**
   * Whether only the status says what opens the key: it was made by the operator, is neither
   * revoked nor at its end, and nobody asked for another one.
   */
  static boolean livesByItsStatus(KeyFacts facts) {
    var spec = facts.key().getSpec();
    return spec.digest() == null
        && !revoked(spec)
        && !expired(facts)
        && !Replacement.isAsked(Digests.of(facts.status()), spec.rotation());
  }

  /** States that a spec asks for without any time being needed. */
  static boolean revoked(ApiKeySpec spec) {
    return Boolean.TRUE.equals(spec.revoked());
  }
}
