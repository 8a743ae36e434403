package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.RevokedDigests;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one key claims in the table of its instance. The only place that decides which digests of a
 * key count against other keys: a key that its instance does not admit claims nothing.
 *
 * @param host whether the key is in the namespace of its instance
 * @param minted whether the operator generated the key, so that nobody else can have had it before
 * @param since the creation time of the object, as the API server formats it
 * @param held digests to accept, in lower-case hex
 * @param cut digests to deny: for all keys if {@code host}, else for those of the key's namespace
 */
record Claim(
    NamespacedName key,
    String uid,
    boolean host,
    boolean minted,
    String since,
    Set<String> held,
    Set<String> cut)
    implements Comparable<Claim> {

  /**
   * Which of several keys with the same digest keeps it: a guest never takes one from its host; a
   * minted key precedes one with a digest in its spec, because anyone who knows a digest could copy
   * it; then the older key, so that a new one breaks nothing.
   */
  private static final Comparator<Claim> PRECEDENCE =
      Comparator.comparing((Claim claim) -> !claim.host())
          .thenComparing(claim -> !claim.minted())
          .thenComparing(Claim::since)
          .thenComparing(Claim::uid);

  /**
   * Returns what a key claims.
   *
   * @param counts whether the instance admits this key
   */
  static Claim of(ApiKey key, Admission admission, boolean counts) {
    var revoked = Boolean.TRUE.equals(key.getSpec().revoked());
    var own = counts ? KeyDigests.sha256(key) : Stream.<String>empty();
    var retired = counts ? RevokedDigests.of(key).stream() : Stream.<String>empty();
    return revoked
        ? of(key, admission, Set.of(), set(Stream.concat(own, retired)))
        : of(key, admission, set(own), set(retired));
  }

  private static Claim of(ApiKey key, Admission admission, Set<String> held, Set<String> cut) {
    var meta = key.getMetadata();
    return new Claim(
        NamespacedName.of(key),
        meta.getUid(),
        admission.host(),
        key.getSpec().digest() == null,
        meta.getCreationTimestamp(),
        held,
        cut);
  }

  /** Returns a claim of the same key to nothing. */
  Claim none() {
    return new Claim(key, uid, host, minted, since, Set.of(), Set.of());
  }

  /** The namespace whose keys are denied the cut digests, or all namespaces. */
  String scope() {
    return host ? DigestIndex.ALL_NAMESPACES : key.namespace();
  }

  @Override
  public int compareTo(Claim other) {
    return PRECEDENCE.compare(this, other);
  }

  private static Set<String> set(Stream<String> digests) {
    return digests.collect(Collectors.toUnmodifiableSet());
  }
}
