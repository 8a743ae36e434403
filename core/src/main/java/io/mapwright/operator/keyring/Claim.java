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
 * What one key asks of the table of its instance. The only place that says which digests of a key
 * count against other keys: a key that its instance does not admit claims nothing.
 *
 * @param host whether the key is in the namespace of its instance
 * @param minted whether the operator made the key, so that nobody else can have had it first
 * @param since when the object was made, as the API server writes it
 * @param held digests that are to open, in lower-case hex
 * @param cut digests that must not open: for anybody if {@code host}, else in the key's namespace
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
   * Who keeps a digest that several keys hold: a guest never takes one from its host; a minted key
   * goes before one that was given, for anyone who knows a digest could copy it; then the older
   * one, for a newcomer breaks nothing.
   */
  private static final Comparator<Claim> PRECEDENCE =
      Comparator.comparing((Claim claim) -> !claim.host())
          .thenComparing(claim -> !claim.minted())
          .thenComparing(Claim::since)
          .thenComparing(Claim::uid);

  /**
   * Says what a key claims.
   *
   * @param counts whether the instance admits this very key
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

  /** The same key with nothing claimed. */
  Claim none() {
    return new Claim(key, uid, host, minted, since, Set.of(), Set.of());
  }

  /** Whose keys are cut: those of a namespace, or everybody's. */
  String scope() {
    return host ? DigestIndex.EVERYBODY : key.namespace();
  }

  @Override
  public int compareTo(Claim other) {
    return PRECEDENCE.compare(this, other);
  }

  private static Set<String> set(Stream<String> digests) {
    return digests.collect(Collectors.toUnmodifiableSet());
  }
}
