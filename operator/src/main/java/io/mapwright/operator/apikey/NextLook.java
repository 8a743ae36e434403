package io.mapwright.operator.apikey;

import java.time.Duration;
import java.time.Instant;

/** When to check a key again if no event comes before. Pure. */
final class NextLook {
  /** How soon to check again whether the keyring has received what was just written. */
  static final Duration UNSEEN = Duration.ofSeconds(1);

  /** How soon to check again while gateways are pending: reports the progress. */
  private static final Duration UNENFORCED = Duration.ofSeconds(10);

  /** How soon to check again whether a problem has been fixed. */
  private static final Duration UNMENDED = Duration.ofSeconds(30);

  private static final Duration LONGEST = Duration.ofHours(6);

  private NextLook() {}

  static Duration after(KeyReport report, Instant now) {
    var wait =
        report
            .nextDeadline()
            .map(deadline -> Duration.between(now, deadline).plusMillis(50))
            .orElse(LONGEST);
    if (report.awaitsGateways()) {
      wait = min(wait, report.enforcement().inTable() ? UNENFORCED : UNSEEN);
    }
    if (report.problem().isPresent()) {
      wait = min(wait, UNMENDED);
    }
    return min(wait, LONGEST);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
