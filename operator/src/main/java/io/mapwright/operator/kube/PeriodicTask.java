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
 * A task that is repeated on its own thread until it is closed. Exceptions are logged and counted,
 * and the task runs again after the period: the JDK's own timer silently drops a task that threw
 * once.
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
   * Creates one that does not run yet.
   *
   * @param name of the task, for the log and metrics
   * @param period between the end of one run and the start of the next
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

  /** Starts; the first run is after a period. */
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
        log.error("{} failed, retrying in {}", name, period, e);
      }
    } finally {
      running = false;
    }
  }

  /** Called by the task after each part of its work to show that it does not hang. */
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

  /** How long the current part of its work has taken; zero if it is idle. */
  public Duration busy() {
    return running ? Duration.ofNanos(nanoTime.getAsLong() - beat) : Duration.ZERO;
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
  }
}
