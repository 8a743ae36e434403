package io.mapwright.operator.push;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Growing pauses between attempts, spread so that many replicas do not return in step. */
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

  /** Returns between half and all of a pause that doubles up to the ceiling. */
  Duration next() {
    var doubled = FIRST.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
    var pause = doubled.compareTo(max) < 0 ? doubled : max;
    return Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.getAsDouble() / 2)));
  }
}
