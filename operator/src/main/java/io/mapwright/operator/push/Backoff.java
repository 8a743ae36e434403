package io.mapwright.operator.push;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Exponential backoff with jitter, so that many replicas do not do the same at the same time. */
final class Backoff {

  private static final int MAX_DOUBLINGS = 16;

  private final Duration first;
  private final Duration max;
  private final DoubleSupplier random;
  private int pauses;

  Backoff(Duration first, Duration max, DoubleSupplier random) {
    this.first = first;
    this.max = max;
    this.random = random;
  }

  void succeeded() {
    pauses = 0;
  }

  /**
   * Returns a random pause between half and all of the current backoff, which doubles up to the
   * maximum.
   */
  Duration next() {
    var doubled = first.multipliedBy(1L << Math.min(pauses++, MAX_DOUBLINGS));
    var pause = doubled.compareTo(max) < 0 ? doubled : max;
    return Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.getAsDouble() / 2)));
  }
}
