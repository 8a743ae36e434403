package io.mapwright.operator.instance;

import java.util.concurrent.CountDownLatch;

/** Keeps rounds from ending until a test lets them go. */
final class HeldRound implements AutoCloseable {
  private final CountDownLatch release = new CountDownLatch(1);

  /** Waits, on the thread of a round. */
  void hold() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release.countDown();
  }
}
