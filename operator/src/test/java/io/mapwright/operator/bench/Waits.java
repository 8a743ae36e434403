package io.mapwright.operator.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Bounded waits, and what a series of measurements says. */
final class Waits {
  /** A look may cost the operator something, and what is waited for takes seconds. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Waits() {}

  static void until(String what, Duration patience, Callable<Boolean> done)
      throws InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        if (done.call()) {
          return;
        }
      } catch (Exception e) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("not within " + patience + ": " + what, e);
        }
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + patience + ": " + what);
      }
      Thread.sleep(PAUSE);
    }
  }

  static double seconds(long since) {
    return Math.round((System.nanoTime() - since) / 1e6) / 1e3;
  }

  static Map<String, Object> percentiles(List<Double> millis) {
    var sorted = millis.stream().sorted().toList();
    var result = new TreeMap<String, Object>();
    result.put("n", sorted.size());
    result.put("p50", at(sorted, 0.5));
    result.put("p99", at(sorted, 0.99));
    result.put("max", at(sorted, 1));
    return result;
  }

  private static double at(List<Double> sorted, double part) {
    var index = (int) Math.ceil(sorted.size() * part) - 1;
    return Math.round(sorted.get(Math.max(0, index)) * 10) / 10.0;
  }
}
