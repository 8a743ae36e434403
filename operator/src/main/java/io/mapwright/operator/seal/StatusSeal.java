package io.mapwright.operator.seal;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs what matters of a status with HMAC-SHA256 (RFC 2104) and a key that only the operator has.
 * It is bound to the object's uid, so a status can not be moved to another object.
 *
 * <p>A status that the operator itself wrote earlier for the same object would verify again. It
 * opens nothing that whoever may write it could not open otherwise: see docs/threat-model.md.
 */
public final class StatusSeal {
  /** Length of the key, in bytes. */
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final boolean adopting;

  /**
   * Makes a seal.
   *
   * @param key at least {@value #KEY_BYTES} random bytes
   * @param adopting whether a status is believed whoever wrote it, and sealed with this key: for
   *     the one start after the key was lost
   * @throws IllegalArgumentException if the key is shorter
   */
  public StatusSeal(byte[] key, boolean adopting) {
    if (key.length < KEY_BYTES) {
      throw new IllegalArgumentException("a seal key has at least " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.adopting = adopting;
  }

  /** The status with its seal, as it is to be stored. */
  public ApiKeyStatus seal(String uid, ApiKeyStatus status) {
    return status.withSeal(sign(SealedFields.of(uid, status)));
  }

  /** The status with its seal, as it is to be stored. */
  public MapwrightInstanceStatus seal(String uid, MapwrightInstanceStatus status) {
    return status.withSeal(sign(SealedFields.of(uid, status)));
  }

  boolean holds(String uid, ApiKeyStatus status) {
    return adopting || verifies(SealedFields.of(uid, status), status.seal());
  }

  boolean holds(String uid, MapwrightInstanceStatus status) {
    return adopting || verifies(SealedFields.of(uid, status), status.seal());
  }

  private boolean verifies(SealedFields fields, @Nullable String seal) {
    return seal == null ? fields.isEmpty() : seal.equals(sign(fields));
  }

  private String sign(SealedFields fields) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(fields.bytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "StatusSeal";
  }
}
