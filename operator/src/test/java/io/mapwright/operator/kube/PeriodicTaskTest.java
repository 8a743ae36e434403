package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PeriodicTaskTest {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void whateverItThrowsItIsDoneAgain() {
    var thrown =
        List.<Throwable>of(
            new IllegalStateException("a bug"), new StackOverflowError(), new AssertionError());
    var times = new AtomicInteger();
    try (var task =
        new PeriodicTask(
            "test",
            OFTEN,
            () -> {
              var time = times.getAndIncrement();
              if (time < thrown.size()) {
                switch (thrown.get(time)) {
                  case RuntimeException e -> throw e;
                  case Error e -> throw e;
                  default -> throw new IllegalStateException();
                }
              }
            })) {
      task.start();
      await().atMost(PATIENCE).until(() -> times.get() > thrown.size() + 3);
      assertThat(task.failures()).isEqualTo(thrown.size());
      assertThat(task.name()).isEqualTo("test");
    }
  }

  @Test
  void stepThatHangsShowsAndOneThatBeatsDoesNot() throws InterruptedException {
    var now = new AtomicLong();
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var task =
        new PeriodicTask(
            "test",
            OFTEN,
            () -> {
              begun.countDown();
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            now::get)) {
      assertThat(task.busy()).isZero();
      task.start();
      begun.await();
      now.addAndGet(Duration.ofMinutes(11).toNanos());
      assertThat(task.busy()).isEqualTo(Duration.ofMinutes(11));
      task.beat();
      assertThat(task.busy()).isZero();
      end.countDown();
      now.addAndGet(Duration.ofMinutes(11).toNanos());
      await().atMost(PATIENCE).until(() -> task.busy().isZero());
    }
  }
}
