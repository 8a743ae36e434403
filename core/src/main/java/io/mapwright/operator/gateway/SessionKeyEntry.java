package io.mapwright.operator.gateway;

import java.util.Base64;
import java.util.Locale;

/**
 * A key that signs session cookies. The previous one is still accepted, so that rotation signs
 * nobody out.
 */
public record SessionKeyEntry(Slot slot, String base64Key) {

  /** Which of the two signing keys. */
  public enum Slot {
    CURRENT,
    PREVIOUS
  }

  public SessionKeyEntry {
    if (Base64.getDecoder().decode(base64Key).length < 32) {
      throw new IllegalArgumentException("a session key has at least 32 bytes (RFC 2104, 3)");
    }
  }

  public static SessionKeyEntry of(Slot slot, byte[] key) {
    return new SessionKeyEntry(slot, Base64.getEncoder().encodeToString(key));
  }

  public MapEntry toMapEntry() {
    return new MapEntry(GatewayMap.SESSION, slot.name().toLowerCase(Locale.ROOT), base64Key);
  }

  @Override
  public String toString() {
    return "SessionKeyEntry[" + slot + ", ***]";
  }
}
