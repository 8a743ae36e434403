package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;

/**
 * Why a digest does not open for a key.
 *
 * @param by the key that cuts it or has it; may be the very key that is refused
 */
public record DigestRefusal(Kind kind, NamespacedName by) {
  /** What the other key does. */
  public enum Kind {
    /** It cut the digest for good. */
    CUT(Reason.DigestRevoked, "cut it for good"),
    /** It has the same digest, and goes first. */
    HELD(Reason.DuplicateDigest, "has the same one and goes first"),
    /** It has another digest that logs and metrics would call by the same name. */
    ID_TAKEN(Reason.KeyIdTaken, "has one that logs call by the same name and goes first");

    private final Reason reason;
    private final String what;

    Kind(Reason reason, String what) {
      this.reason = reason;
      this.what = what;
    }
  }

  /** What the owner of the refused key reads. */
  Problem problem(ApiKey key) {
    var minted = key.getSpec().digest() == null;
    return new Problem(
        ConditionType.Accepted,
        kind.reason,
        (minted ? "" : "digest: ")
            + because(key)
            + (minted
                ? "; change rotation.trigger to get a new key"
                : "; make an ApiKey with another key"));
  }

  /** Who has or cuts the digest of a key. */
  public String because(ApiKey key) {
    return other(key) + " " + kind.what;
  }

  /** Names of other namespaces are not told. */
  private String other(ApiKey key) {
    var own = key.getMetadata();
    if (!by.namespace().equals(own.getNamespace())) {
      return "an ApiKey of another namespace";
    }
    return by.name().equals(own.getName()) ? "this ApiKey" : "ApiKey " + by.name();
  }
}
