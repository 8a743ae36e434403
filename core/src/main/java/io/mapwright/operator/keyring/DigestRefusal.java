package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;

/**
 * Why a digest is not accepted for a key.
 *
 * @param by the key that cuts or holds it; may be the refused key itself
 */
public record DigestRefusal(Kind kind, NamespacedName by) {
  /** How the other key prevents it. */
  public enum Kind {
    /** It revoked the digest permanently. */
    CUT(Reason.DigestRevoked, "cut it for good"),
    /** It holds the same digest, and has precedence. */
    HELD(Reason.DuplicateDigest, "has the same one and goes first"),
    /** It holds another digest with the same key id, which identifies keys in logs and metrics. */
    ID_TAKEN(Reason.KeyIdTaken, "has one that logs call by the same name and goes first");

    private final Reason reason;
    private final String what;

    Kind(Reason reason, String what) {
      this.reason = reason;
      this.what = what;
    }
  }

  /** The problem that the owner of the refused key is shown. */
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

  /** Says which key holds or cuts the digest. */
  public String because(ApiKey key) {
    return other(key) + " " + kind.what;
  }

  /** Does not reveal the names of keys in other namespaces. */
  private String other(ApiKey key) {
    var own = key.getMetadata();
    if (!by.namespace().equals(own.getNamespace())) {
      return "an ApiKey of another namespace";
    }
    return by.name().equals(own.getName()) ? "this ApiKey" : "ApiKey " + by.name();
  }
}
