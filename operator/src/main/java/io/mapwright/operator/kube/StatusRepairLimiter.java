package io.mapwright.operator.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how often tampered statuses are restored. Two operators with different seals in one
 * namespace undo each other's writes, and must not load the API server forever.
 */
public final class StatusRepairLimiter {
  /** Repairs without a pause; later ones within a minute wait. */
  private static final int MAX_IN_A_ROW = 3;

  private static final Duration RESET_AFTER = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration REPORT_PERIOD = Duration.ofMinutes(10);

  /** Number of objects that are remembered; the least recently used one is dropped. */
  private static final int MAX_OBJECTS = 20_000;

  private final Map<String, History> histories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, History> eldest) {
          return size() > MAX_OBJECTS;
        }
      };

  /**
   * The permitted action.
   *
   * @param pause how long to wait; zero to repair now
   * @param publishEvent whether an Event should report it
   */
  public record Turn(Duration pause, boolean publishEvent) {
    public boolean now() {
      return pause.isZero();
    }
  }

  private record History(Instant last, int count, Instant reported) {}

  /** Requests a repair of an object. One without a pause counts as done. */
  public synchronized Turn take(String uid, Instant now) {
    var history = histories.get(uid);
    if (history == null) {
      histories.put(uid, new History(now, 1, now));
      return new Turn(Duration.ZERO, true);
    }
    if (now.isBefore(history.last())) {
      // A clock that was set back must not delay repairs for longer than one interval.
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
