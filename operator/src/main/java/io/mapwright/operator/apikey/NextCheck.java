package io.mapwright.operator.apikey;

import java.time.Duration;
import java.time.Instant;

/** When to check a key again if no event comes before. Pure. */
final class NextCheck {
  /**
   * How soon to check again whether the watch has delivered to the keyring what was just written.
   */
  static final Duration UNCONFIRMED = Duration.ofSeconds(1);

  /** How soon to check again while gateways are pending: reports the progress. */
  private static final Duration UNENFORCED = Duration.ofSeconds(10);

  /** How soon to check again whether a problem has been fixed. */
  private static final Duration UNFIXED = Duration.ofSeconds(30);

  private static final Duration LONGEST = Duration.ofHours(6);

  private NextCheck() {}

  static Duration after(KeyReport report, Instant now) {
    var wait =
        report
            .nextDeadline()
            .map(deadline -> Duration.between(now, deadline).plusMillis(50))
            .orElse(LONGEST);
    if (report.awaitsGateways()) {
      wait = min(wait, report.enforcement().inTable() ? UNENFORCED : UNCONFIRMED);
    }
    if (report.problem().isPresent()) {
      wait = min(wait, UNFIXED);
    }
    return min(wait, LONGEST);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
