package io.mapwright.operator.seal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The seal, in memory only, of a status that replaces a rejected one. It never verifies, is never
 * stored, and cannot be forged outside of this process. Contains the seal that the next serial is
 * derived from.
 */
final class RejectedSeal {
  private static final String MARK = "rejected " + UUID.randomUUID();
  private static final String KNOWN = MARK + " known ";
  private static final String CLAIMED = MARK + " claimed ";

  private RejectedSeal() {}

  /** For a status that was known before. */
  static String known(@Nullable String seal) {
    return seal != null && is(seal) ? seal : KNOWN + (seal == null ? "" : seal);
  }

  /** For a status of which only the untrusted version is known. */
  static String claimed(@Nullable String seal) {
    return CLAIMED + StatusSeal.claimed(seal);
  }

  static boolean is(@Nullable String seal) {
    return seal != null && seal.startsWith(MARK);
  }

  /** The seal that the next serial is derived from. */
  static @Nullable String unwrap(@Nullable String seal) {
    if (seal == null || !is(seal)) {
      return seal;
    }
    return seal.substring((seal.startsWith(KNOWN) ? KNOWN : CLAIMED).length());
  }

  /** The newest seal that is known to have been stored. */
  static @Nullable String stored(@Nullable String seal) {
    return seal != null && seal.startsWith(CLAIMED) ? null : unwrap(seal);
  }
}
