package io.mapwright.operator.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The text of all metrics, cached for a moment and shared by concurrent readers: many requests cost
 * no more than one.
 */
final class Scrape {
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final PrometheusMeterRegistry registry;
  private final Runnable before;
  private final LongSupplier nanoTime;
  private byte[] text = {};
  private long at;
  private boolean made;

  /**
   * Creates one without a text.
   *
   * @param before updates the metrics
   */
  Scrape(PrometheusMeterRegistry registry, Runnable before, LongSupplier nanoTime) {
    this.registry = registry;
    this.before = before;
    this.nanoTime = nanoTime;
  }

  /** Shared by all requests: must not be modified. */
  synchronized byte[] text() {
    var now = nanoTime.getAsLong();
    if (!made || now - at >= MOMENT.toNanos()) {
      before.run();
      text = registry.scrape().getBytes(StandardCharsets.UTF_8);
      at = now;
      made = true;
    }
    return text;
  }
}
