package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * {@code mpw_pk_}, 28 random base-62 characters (166 bits), and the CRC-32 of all that as 8
 * hexadecimal digits.
 *
 * <p>The prefix makes a leaked key easy to search for; the checksum lets scanners and the gateway
 * tell a mistyped key from an unknown one. Hexadecimal, because HAProxy can read it ({@code hex2i})
 * and so check the sum itself.
 */
public final class ApiKeyFormat {
  public static final String PREFIX = "mpw_pk_";
  public static final int LENGTH = 43;

  /** Matches a whole key; scanners may use it unanchored. */
  public static final String REGEX = "mpw_pk_[0-9A-Za-z]{28}[0-9a-f]{8}";

  private static final int ID_DIGITS = 24;

  static final int CHECKED_LENGTH = LENGTH - 8;
  private static final Pattern PATTERN = Pattern.compile(REGEX);
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private ApiKeyFormat() {}

  public static PlainKey mint(SecureRandom random) {
    var body = new StringBuilder(PREFIX);
    while (body.length() < CHECKED_LENGTH) {
      body.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new PlainKey(body + checksum(body.toString()));
  }

  public static boolean isWellFormed(String key) {
    return isShaped(key)
        && key.substring(CHECKED_LENGTH).equals(checksum(key.substring(0, CHECKED_LENGTH)));
  }

  /** Whether it looks like a key, whatever its checksum. */
  public static boolean isShaped(String key) {
    return PATTERN.matcher(key).matches();
  }

  /** The SHA-256 of a key in upper-case hexadecimal, as HAProxy's {@code hex} prints it. */
  public static String digest(String key) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().withUpperCase().formatHex(sha256.digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * The public name of a key: {@code k} and the first 24 digits of its digest in lower case. It
   * reveals 96 of 256 digest bits, nothing of a 166-bit key, and lets the holder of a key find its
   * log lines. Two keys never share a name by chance; finding such a pair takes 2^48 attempts, and
   * an arbitrary given digest is refused if its name is taken.
   */
  public static String keyId(String digestHex) {
    return "k" + digestHex.substring(0, ID_DIGITS).toLowerCase(Locale.ROOT);
  }

  private static String checksum(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
