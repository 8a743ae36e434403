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
  private static final int MAX_IN_A_ROW = 3;

  private static final Duration RESET_AFTER = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration REPORT_PERIOD = Duration.ofMinutes(10);

  /** Objects that are remembered; the one that was quiet for longest goes for another. */
  private static final int MAX_OBJECTS = 20_000;

  private final Map<String, History> histories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, History> eldest) {
          return size() > MAX_OBJECTS;
        }
      };

  /**
   * What may be done now.
   *
   * @param pause how long not to put back; zero if it is to be done now
   * @param publishEvent whether an Event should report it
   */
  public record Turn(Duration pause, boolean publishEvent) {
    public boolean now() {
      return pause.isZero();
    }
  }

  private record History(Instant last, int count, Instant reported) {}

  /** Takes a turn for an object. One that is not to wait counts as used. */
  public synchronized Turn take(String uid, Instant now) {
    var history = histories.get(uid);
    if (history == null) {
      histories.put(uid, new History(now, 1, now));
      return new Turn(Duration.ZERO, true);
    }
    if (now.isBefore(history.last())) {
      // A clock that was set back makes nobody wait longer than one pace.
      history = new History(now, history.count(), now);
      histories.put(uid, history);
    }
    var since = Duration.between(history.last(), now);
    var count = since.compareTo(RESET_AFTER) >= 0 ? 0 : history.count();
    if (count >= MAX_IN_A_ROW && since.compareTo(INTERVAL) < 0) {
      return new Turn(INTERVAL.minus(since), false);
    }
    var report =
        count == 0 || Duration.between(history.reported(), now).compareTo(REPORT_PERIOD) >= 0;
    histories.put(uid, new History(now, count + 1, report ? now : history.reported()));
    return new Turn(Duration.ZERO, report);
  }
}
