package io.mapwright.operator.metrics;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.push.KeyUse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each key had admitted. The first keys of an instance that are used have their own series,
 * all others share one: the number of keys is unbounded, that of series must not be.
 */
public final class KeyUseMetrics {
  static final int SERIES_PER_INSTANCE = 100;
  private static final String OTHERS = "other";

  private final MeterRegistry registry;
  private final Map<NamespacedName, Set<String>> named = new ConcurrentHashMap<>();

  public KeyUseMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A gateway of the instance admitted more. */
  public void used(NamespacedName instance, List<KeyUse> uses) {
    for (var use : uses) {
      counter(instance, use.keyId()).increment((double) use.cost());
    }
  }

  private Counter counter(NamespacedName instance, String keyId) {
    return Counter.builder("mapwright.key.admitted.cost")
        .description("Requests admitted with a key, weighted by cost (a tile is 1)")
        .tag("namespace", instance.namespace())
        .tag("instance_name", instance.name())
        .tag("key", hasSeries(instance, keyId) ? keyId : OTHERS)
        .register(registry);
  }

  private boolean hasSeries(NamespacedName instance, String keyId) {
    var keys = named.computeIfAbsent(instance, _ -> new HashSet<>());
    synchronized (keys) {
      return keys.contains(keyId) || (keys.size() < SERIES_PER_INSTANCE && keys.add(keyId));
    }
  }

  /** The instance is gone, and its series with it. */
  public void forget(NamespacedName instance) {
    named.remove(instance);
    registry
        .find("mapwright.key.admitted.cost")
        .tag("namespace", instance.namespace())
        .tag("instance_name", instance.name())
        .counters()
        .forEach(registry::remove);
  }
}
