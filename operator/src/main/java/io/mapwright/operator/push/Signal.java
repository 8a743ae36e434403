package io.mapwright.operator.push;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one waiting thread; several calls before it wakes count as one. */
final class Signal {

  private final Semaphore raised = new Semaphore(0);

  void raise() {
    if (raised.availablePermits() == 0) {
      raised.release();
    }
  }

  /** Waits until raised or for that long, and lowers the signal. */
  boolean await(Duration limit) throws InterruptedException {
    boolean woken = raised.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
    raised.drainPermits();
    return woken;
  }
}
