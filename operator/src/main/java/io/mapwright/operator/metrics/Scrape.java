package io.mapwright.operator.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The text of all metrics. Anyone who asks within a moment gets the same one, and those that read
 * it slowly share it: many who ask cost no more than one.
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
   * Makes no text yet.
   *
   * @param before brings the metrics up to date
   */
  Scrape(PrometheusMeterRegistry registry, Runnable before, LongSupplier nanoTime) {
    this.registry = registry;
    this.before = before;
    this.nanoTime = nanoTime;
  }

  /** Shared by all who ask: only to be written to sockets. */
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
