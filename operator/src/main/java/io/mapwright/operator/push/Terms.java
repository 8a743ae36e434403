package io.mapwright.operator.push;

import java.time.Duration;
import java.time.Instant;

/**
 * What gateways get besides their table.
 *
 * @param sharing how many replicas share each limit, at least 1
 * @param tableMaxAge how long a gateway that hears nothing keeps accepting keys; zero forever
 */
public record Terms(int sharing, Duration tableMaxAge) {
  /** For a gateway that shares with none and believes its table for a day. */
  public static final Terms DEFAULTS = new Terms(1, Duration.ofDays(1));

  private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

  /** How many times a gateway hears of us before its table is too old. */
  private static final int TIMES = 24;

  public Terms {
    sharing = Math.max(1, sharing);
  }

  /** Until when a gateway that is in step now accepts keys if it hears nothing more. */
  Instant trustedUntil(Instant now) {
    return tableMaxAge.isZero() ? NEVER : now.plus(tableMaxAge);
  }

  /**
   * Whether what a gateway got has to be sent again. Rarely: an idle gateway costs nothing. Also if
   * it got too much, by a clock that was wrong or for an age that was longer.
   */
  boolean outdated(Instant sent, Instant now) {
    var difference = Duration.between(sent, trustedUntil(now)).abs();
    return difference.compareTo(tableMaxAge.dividedBy(TIMES)) > 0;
  }
}
