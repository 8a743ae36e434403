package io.mapwright.operator.seal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The seal, in memory only, of a status that stands in the place of one that was rejected. Verifies
 * for nobody, is never stored, and nobody outside of this process can write it. Carries the seal
 * from which the next one rises.
 */
final class RejectedSeal {
  private static final String MARK = "rejected " + UUID.randomUUID();
  private static final String KNOWN = MARK + " known ";
  private static final String CLAIMED = MARK + " claimed ";

  private RejectedSeal() {}

  /** Of a status that was known before. */
  static String known(@Nullable String seal) {
    return seal != null && is(seal) ? seal : KNOWN + (seal == null ? "" : seal);
  }

  /** Of a status of which nothing is known but what somebody wrote. */
  static String claimed(@Nullable String seal) {
    return CLAIMED + StatusSeal.claimed(seal);
  }

  static boolean is(@Nullable String seal) {
    return seal != null && seal.startsWith(MARK);
  }

  /** The seal from which the next one rises. */
  static @Nullable String bare(@Nullable String seal) {
    if (seal == null || !is(seal)) {
      return seal;
    }
    return seal.substring((seal.startsWith(KNOWN) ? KNOWN : CLAIMED).length());
  }

  /** The newest seal that is known to have been stored. */
  static @Nullable String stored(@Nullable String seal) {
    return seal != null && seal.startsWith(CLAIMED) ? null : bare(seal);
  }
}
