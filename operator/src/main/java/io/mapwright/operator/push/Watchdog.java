package io.mapwright.operator.push;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Aborts operations that take too long by closing their socket. A socket's own timeout covers
 * neither writes to a peer that stopped reading nor a peer that trickles bytes.
 */
final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("push-watchdog").daemon().unstarted(task));

  Watchdog() {
    timer.setRemoveOnCancelPolicy(true);
  }

  Limit within(Duration limit, Closeable target) {
    return new Limit(limit, target);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** A time limit; it runs from its creation until it is closed. */
  final class Limit implements AutoCloseable {

    private final Future<?> pending;
    private volatile boolean expired;

    private Limit(Duration limit, Closeable target) {
      pending = timer.schedule(() -> expire(target), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void expire(Closeable target) {
      expired = true;
      try {
        target.close();
      } catch (IOException e) {
        // The operation that uses it fails in any case.
      }
    }

    boolean expired() {
      return expired;
    }

    @Override
    public void close() {
      pending.cancel(false);
    }
  }
}
