package io.mapwright.operator.metrics;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import io.mapwright.operator.push.PushObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** How long changes take to be enforced, and failures on the way. */
public final class PushMetrics implements PushObserver {
  private final MeterRegistry registry;
  private final Timer enforced;
  private final AtomicInteger connected = new AtomicInteger();

  public PushMetrics(MeterRegistry registry) {
    this.registry = registry;
    enforced =
        Timer.builder("mapwright.push.enforced")
            .description("Time from a change of the table to its enforcement on one gateway")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
    registry.gauge("mapwright.push.connected.replicas", connected);
  }

  @Override
  public void enforced(NamespacedName instance, Duration sinceChange) {
    enforced.record(sinceChange);
  }

  @Override
  public void fullSync(
      NamespacedName instance, FullSyncReason reason, int entries, Duration duration) {
    registry.timer("mapwright.push.full.sync", "reason", lower(reason)).record(duration);
  }

  @Override
  public void failed(NamespacedName instance, PushError error) {
    registry.counter("mapwright.push.failures", "error", lower(error)).increment();
  }

  @Override
  public void connectedReplicas(int count) {
    connected.set(count);
  }

  @Override
  public void certificatePushed(NamespacedName instance) {
    registry.counter("mapwright.push.certificates").increment();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
