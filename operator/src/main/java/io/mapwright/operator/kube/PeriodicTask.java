package io.mapwright.operator.kube;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is done again and again, on a thread of its own, until it is closed. Whatever it
 * throws is logged and counted, and it is done again after the period: the JDK's own timer drops
 * forever, and without a word, what threw once.
 */
public final class PeriodicTask implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

  private final String name;
  private final Duration period;
  private final Runnable body;
  private final LongSupplier nanoTime;
  private final AtomicLong failures = new AtomicLong();
  private final ScheduledExecutorService timer;
  private volatile long beat;
  private volatile boolean running;
  private volatile boolean closed;

  /**
   * Makes one that is not done yet.
   *
   * @param name of the task, for the log and metrics
   * @param period between the end of one time and the beginning of the next
   */
  public PeriodicTask(String name, Duration period, Runnable body) {
    this(name, period, body, System::nanoTime);
  }

  PeriodicTask(String name, Duration period, Runnable body, LongSupplier nanoTime) {
    this.name = name;
    this.period = period;
    this.body = body;
    this.nanoTime = nanoTime;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
  }

  /** Begins, for the first time after a period. */
  public void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::once, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void once() {
    running = true;
    beat();
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      if (!closed) {
        failures.incrementAndGet();
        log.error("{} failed, it is retried in {}", name, period, e);
      }
    } finally {
      running = false;
    }
  }

  /** Said by the body after each part of its work: it takes its time and does not hang. */
  public void beat() {
    beat = nanoTime.getAsLong();
  }

  public String name() {
    return name;
  }

  /** How often it threw. */
  public long failures() {
    return failures.get();
  }

  /** How long the present part of its work has taken; zero if it rests. */
  public Duration busy() {
    return running ? Duration.ofNanos(nanoTime.getAsLong() - beat) : Duration.ZERO;
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
  }
}
