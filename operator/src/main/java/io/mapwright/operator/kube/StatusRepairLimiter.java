package io.mapwright.operator.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often statuses that somebody else wrote are put back. Two operators with different seals over
 * one namespace take each other for that somebody: they must not keep the API server busy forever.
 */
public final class StatusRepairLimiter {
  /** Put back at once; later ones of the same minute wait. */
  private static final int AT_ONCE = 3;

  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final Duration PACE = Duration.ofSeconds(30);
  private static final Duration TELL = Duration.ofMinutes(10);

  /** Objects that are remembered; the one that was quiet for longest goes for another. */
  private static final int MOST = 20_000;

  private final Map<String, Past> pasts =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
          return size() > MOST;
        }
      };

  /**
   * What may be done now.
   *
   * @param pause how long not to put back; zero if it is to be done now
   * @param told whether an Event should report it
   */
  public record Turn(Duration pause, boolean told) {
    public boolean now() {
      return pause.isZero();
    }
  }

  private record Past(Instant last, int count, Instant told) {}

  /** Takes a turn for an object. One that is not to wait counts as used. */
  public synchronized Turn take(String uid, Instant now) {
    var past = pasts.get(uid);
    if (past == null) {
      pasts.put(uid, new Past(now, 1, now));
      return new Turn(Duration.ZERO, true);
    }
    if (now.isBefore(past.last())) {
      // A clock that was set back makes nobody wait longer than one pace.
      past = new Past(now, past.count(), now);
      pasts.put(uid, past);
    }
    var since = Duration.between(past.last(), now);
    var count = since.compareTo(QUIET) >= 0 ? 0 : past.count();
    if (count >= AT_ONCE && since.compareTo(PACE) < 0) {
      return new Turn(PACE.minus(since), false);
    }
    var tell = count == 0 || Duration.between(past.told(), now).compareTo(TELL) >= 0;
    pasts.put(uid, new Past(now, count + 1, tell ? now : past.told()));
    return new Turn(Duration.ZERO, tell);
  }
}
