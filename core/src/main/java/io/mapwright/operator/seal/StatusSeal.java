package io.mapwright.operator.seal;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs the relevant fields of a status with HMAC-SHA256 (RFC 2104) and a key that only the
 * operator has. The signature is bound to the object's uid, so a status cannot be moved to another
 * object.
 *
 * <p>A seal is {@code SERIAL.HMAC}. The serial increases with each change of the sealed fields, so
 * that anyone who knows a later status of the same object detects the replay of an earlier one.
 */
public final class StatusSeal {
  /** Length of the key, in bytes. */
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  /** Upper bound for serials from unverified seals; leaves room to increase. */
  private static final long MAX_UNVERIFIED_SERIAL = 1_000_000_000_000L;

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})\\.[0-9a-f]{64}");

  private final SecretKeySpec key;
  private final boolean adopting;

  /**
   * Makes a seal.
   *
   * @param key at least {@value #KEY_BYTES} random bytes
   * @param adopting whether any status is trusted and sealed with this key: for the one start after
   *     the key was lost
   * @throws IllegalArgumentException if the key is shorter
   */
  public StatusSeal(byte[] key, boolean adopting) {
    if (key.length < KEY_BYTES) {
      throw new IllegalArgumentException("a seal key has at least " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.adopting = adopting;
  }

  /**
   * The status with its seal, as it is to be stored.
   *
   * @param before the seal of the status that is replaced; kept if no sealed field changed
   */
  public ApiKeyStatus seal(String uid, ApiKeyStatus status, @Nullable String before) {
    return status.withSeal(next(SealedFields.of(uid, status), before));
  }

  /**
   * The status with its seal, as it is to be stored.
   *
   * @param before the seal of the status that is replaced; kept if no sealed field changed
   */
  public MapwrightInstanceStatus seal(
      String uid, MapwrightInstanceStatus status, @Nullable String before) {
    return status.withSeal(next(SealedFields.of(uid, status), before));
  }

  /** The serial of a seal; 0 for none, or an invalid one. */
  static long serial(@Nullable String seal) {
    var form = FORM.matcher(seal == null ? "" : seal);
    return form.matches() ? Long.parseLong(form.group(1)) : 0;
  }

  /** An unverified seal, if its serial can be increased; else empty. */
  static String claimed(@Nullable String seal) {
    var serial = serial(seal);
    return seal != null && serial > 0 && serial < MAX_UNVERIFIED_SERIAL ? seal : "";
  }

  /** Whether a seal is older than another one that is known to have been stored. */
  boolean older(@Nullable String now, @Nullable String known) {
    return !adopting && serial(now) < serial(known);
  }

  boolean holds(String uid, ApiKeyStatus status) {
    return adopting || verifies(SealedFields.of(uid, status), status.seal());
  }

  boolean holds(String uid, MapwrightInstanceStatus status) {
    return adopting || verifies(SealedFields.of(uid, status), status.seal());
  }

  private boolean verifies(SealedFields fields, @Nullable String seal) {
    return seal == null ? fields.isEmpty() : seal.equals(sign(fields, serial(seal)));
  }

  private String next(SealedFields fields, @Nullable String before) {
    var unwrapped = RejectedSeal.unwrap(before);
    if (unwrapped != null && verifies(fields, unwrapped)) {
      return unwrapped;
    }
    // An adopted seal was not verified.
    return sign(fields, serial(adopting ? claimed(unwrapped) : unwrapped) + 1);
  }

  private String sign(SealedFields fields, long serial) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return serial + "." + HexFormat.of().formatHex(mac.doFinal(fields.bytes(serial)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "StatusSeal";
  }
}
