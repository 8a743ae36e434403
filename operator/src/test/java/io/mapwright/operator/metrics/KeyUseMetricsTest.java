package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.push.KeyUse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyUseMetricsTest {
  private static final NamespacedName MAPS = new NamespacedName("maps", "tiles");
  private static final NamespacedName OTHER = new NamespacedName("other", "tiles");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final KeyUseMetrics metrics = new KeyUseMetrics(registry);

  @Test
  void seriesOfAnInstanceAreBoundedAndLoseNothing() {
    int keys = KeyUseMetrics.SERIES_PER_INSTANCE + 50;
    metrics.used(MAPS, IntStream.range(0, keys).mapToObj(i -> use("key" + i, 2)).toList());
    metrics.used(MAPS, List.of(use("key0", 5), use("key" + (keys - 1), 1)));

    assertThat(registry.getMeters()).hasSize(KeyUseMetrics.SERIES_PER_INSTANCE + 1);
    assertThat(counted(MAPS, "key0")).isEqualTo(7);
    assertThat(counted(MAPS, "other")).isEqualTo(2 * 50 + 1);
  }

  @Test
  void seriesGoWithTheirInstance() {
    metrics.used(MAPS, List.of(use("key1", 1)));
    metrics.used(OTHER, List.of(use("key1", 1)));
    metrics.forget(MAPS);
    assertThat(registry.getMeters()).hasSize(1);
    assertThat(counted(OTHER, "key1")).isEqualTo(1);
  }

  private double counted(NamespacedName instance, String key) {
    return registry
        .get("mapwright.key.admitted.cost")
        .tag("namespace", instance.namespace())
        .tag("key", key)
        .counter()
        .count();
  }

  private static KeyUse use(String keyId, long cost) {
    return new KeyUse(keyId, Instant.EPOCH, cost);
  }
}
