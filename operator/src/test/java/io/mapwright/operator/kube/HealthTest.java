package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final AtomicLong now = new AtomicLong();
  private Optional<Collection<String>> unhealthy = Optional.of(List.of());
  private Duration silence = Duration.ZERO;
  private boolean started = true;
  private boolean synced = true;
  private List<String> unserved = List.of();
  private final SourceHealth sources = new SourceHealth(() -> unhealthy, now::get);
  private final Health health =
      new Health(() -> started, () -> synced, sources, () -> unserved, () -> silence, List.of());

  private void pass(Duration time) {
    sources.check();
    now.addAndGet(time.toNanos());
    sources.check();
  }

  @Test
  void whatWorksIsAliveAndReady() {
    pass(Duration.ofDays(1));
    assertThat(health.dead()).isEmpty();
    assertThat(health.missing()).isEmpty();
    assertThat(health.degraded()).isEmpty();
  }

  @Test
  void namespaceThatCanNotBeServedIsToldAndHoldsUpNothing() {
    unserved = List.of("gone");
    pass(Duration.ofDays(1));
    assertThat(health.dead()).isEmpty();
    assertThat(health.missing()).isEmpty();
    assertThat(health.degraded())
        .singleElement()
        .asString()
        .contains("namespace gone is not served", "watchNamespaces");
  }

  @Test
  void sourceThatWasInOrderAndIsLostEndsTheProcess() {
    pass(Duration.ZERO);
    unhealthy = Optional.of(List.of("apikey/Secret"));
    pass(Health.PATIENCE.minusSeconds(1));
    assertThat(health.dead()).isEmpty();
    assertThat(health.degraded()).containsExactly("no events of apikey/Secret");
    assertThat(health.missing()).as("the rest works").isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(health.dead()).containsExactly("no events of apikey/Secret");
  }

  @Test
  void sourceThatComesBackBeginsAnew() {
    pass(Duration.ZERO);
    unhealthy = Optional.of(List.of("apikey/Secret"));
    pass(Health.PATIENCE.minusSeconds(1));
    unhealthy = Optional.of(List.of());
    pass(Duration.ofSeconds(20));
    unhealthy = Optional.of(List.of("apikey/Secret"));
    pass(Health.PATIENCE.minusSeconds(1));
    assertThat(health.dead()).isEmpty();
  }

  /** A restart brings back neither an API server nor a right, and takes the operator away. */
  @Test
  void outageOfTheApiServerEndsNobody() {
    pass(Duration.ZERO);
    unhealthy = Optional.of(List.of("apikey/Secret", "mapwrightinstance/Pod"));
    silence = Duration.ofMinutes(20);
    pass(Duration.ofMinutes(20));
    assertThat(health.dead()).isEmpty();
    assertThat(health.degraded()).contains("the API server does not answer");
  }

  @Test
  void sourceThatNeverWasInOrderEndsNobodyUntilItWas() {
    unhealthy = Optional.of(List.of("mapwrightinstance/Ingress"));
    pass(Duration.ofDays(1));
    assertThat(health.dead()).isEmpty();
    assertThat(health.degraded()).isNotEmpty();
    unhealthy = Optional.of(List.of());
    pass(Duration.ofSeconds(10));
    unhealthy = Optional.of(List.of("mapwrightinstance/Ingress"));
    pass(Health.PATIENCE);
    assertThat(health.dead()).isNotEmpty();
  }

  @Test
  void startIsNoIllness() {
    unhealthy = Optional.empty();
    started = false;
    synced = false;
    pass(Duration.ofHours(1));
    assertThat(health.dead()).isEmpty();
    assertThat(health.missing()).singleElement().asString().contains("not all controllers");
    started = true;
    assertThat(health.missing()).singleElement().asString().contains("not all listed");
  }

  @Test
  void taskThatHangsEndsTheProcess() throws InterruptedException {
    var begun = new CountDownLatch(1);
    try (var task =
        new PeriodicTask(
            "key-ledger",
            Duration.ofMillis(1),
            () -> {
              begun.countDown();
              try {
                Thread.sleep(Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            now::get)) {
      task.start();
      begun.await();
      var judged =
          new Health(() -> true, () -> true, sources, List::of, () -> silence, List.of(task));
      assertThat(judged.dead()).isEmpty();
      now.addAndGet(Health.PATIENCE.toNanos());
      assertThat(judged.dead()).containsExactly("task key-ledger hangs");
    }
  }
}
