package io.mapwright.operator.push;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Exponential backoff with jitter, so that many replicas do not reconnect at the same time. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final int MAX_DOUBLINGS = 16;

  private final Duration max;
  private final DoubleSupplier random;
  private int failures;

  Backoff(Duration max, DoubleSupplier random) {
    this.max = max;
    this.random = random;
  }

  void succeeded() {
    failures = 0;
  }

  /**
   * Returns a random pause between half and all of the current backoff, which doubles up to the
   * maximum.
   */
  Duration next() {
    var doubled = FIRST.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
    var pause = doubled.compareTo(max) < 0 ? doubled : max;
    return Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.getAsDouble() / 2)));
  }
}
