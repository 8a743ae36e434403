package io.mapwright.operator.push;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What gateways receive besides their table.
 *
 * @param sharing how many replicas share each limit, at least 1
 * @param gateways IP addresses of the gateways that lend each other parts of limits
 * @param tableMaxAge how long a gateway without contact keeps accepting keys; zero forever
 */
public record Terms(int sharing, Duration tableMaxAge, Set<String> gateways) {
  /** For a single gateway whose table is valid for a day. */
  public static final Terms DEFAULTS = new Terms(1, Duration.ofDays(1), Set.of());

  private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

  /** A gateway asks no more than these for a loan. */
  private static final int MAX_GATEWAYS = 64;

  /** How often the validity is extended within the maximum age. */
  private static final int TIMES = 24;

  public Terms {
    sharing = Math.max(1, sharing);
    gateways = Set.copyOf(gateways);
  }

  /** What the meta map of one gateway says of the others. */
  String others(String own) {
    var others =
        gateways.stream()
            .filter(address -> sharing > 1 && !address.equals(own))
            .sorted()
            .limit(MAX_GATEWAYS)
            .collect(Collectors.joining(","));
    return others.isEmpty() ? "-" : others;
  }

  /** Until when a gateway that is synchronized now accepts keys without further contact. */
  Instant trustedUntil(Instant now) {
    return tableMaxAge.isZero() ? NEVER : now.plus(tableMaxAge);
  }

  /**
   * Whether the validity has to be sent again; rarely, so that an idle gateway costs nothing. Also
   * if it was too long, because of a wrong clock or a longer former maximum age.
   */
  boolean outdated(Instant sent, Instant now) {
    var difference = Duration.between(sent, trustedUntil(now)).abs();
    return difference.compareTo(tableMaxAge.dividedBy(TIMES)) > 0;
  }
}
