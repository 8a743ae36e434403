package io.mapwright.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The {@code mapwright_*} metrics: counted from what the operator holds in memory, on scrape. */
public final class DomainMetrics {
  private final Supplier<List<MapwrightInstance>> instances;
  private final MultiGauge certificates;
  private final MultiGauge backups;

  public DomainMetrics(
      MeterRegistry registry,
      Supplier<List<MapwrightInstance>> instances,
      Supplier<List<ApiKey>> keys) {
    this.instances = instances;
    for (var ready : List.of("True", "False", "Unknown")) {
      Gauge.builder("mapwright.instances", () -> count(instances.get(), ready))
          .description("Instances by their Ready condition")
          .tag("ready", ready)
          .register(registry);
    }
    for (var state : KeyState.values()) {
      Gauge.builder(
              "mapwright.keys", () -> keys.get().stream().filter(k -> state(k) == state).count())
          .description("API keys by state")
          .tag("state", state.name())
          .register(registry);
    }
    certificates =
        MultiGauge.builder("mapwright.certificate.not.after.timestamp")
            .description("When the certificate of an instance ends, as Unix time")
            .baseUnit("seconds")
            .register(registry);
    backups =
        MultiGauge.builder("mapwright.backup.last.success.timestamp")
            .description("When an instance was last backed up, as Unix time; 0 for never")
            .baseUnit("seconds")
            .register(registry);
  }

  /** Brings the gauges that have one row an instance up to date; called before each scrape. */
  public void refresh() {
    certificates.register(rows(status -> Optional.ofNullable(status.certificateNotAfter())), true);
    backups.register(
        rows(status ->
            Optional.ofNullable(status.backup())
                .map(backup -> Optional.ofNullable(backup.lastSuccessfulTime()).orElse(NEVER))),
        true);
  }

  private static final String NEVER = Instant.EPOCH.toString();

  private List<MultiGauge.Row<?>> rows(Function<MapwrightInstanceStatus, Optional<String>> time) {
    return instances.get().stream()
        .<MultiGauge.Row<?>>flatMap(instance ->
            Optional.ofNullable(instance.getStatus()).flatMap(time).stream()
                .map(text ->
                    MultiGauge.Row.of(tags(instance), Instant.parse(text).getEpochSecond())))
        .toList();
  }

  private static Tags tags(MapwrightInstance instance) {
    return Tags.of(
        "namespace", instance.getMetadata().getNamespace(),
        "instance_name", instance.getMetadata().getName());
  }

  private static long count(List<MapwrightInstance> instances, String ready) {
    return instances.stream().filter(i -> ready(i).equals(ready)).count();
  }

  private static String ready(MapwrightInstance instance) {
    return Optional.ofNullable(instance.getStatus())
        .flatMap(status -> Conditions.find(status.conditions(), ConditionType.Ready))
        .map(Condition::getStatus)
        .orElse("Unknown");
  }

  private static KeyState state(ApiKey key) {
    return Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::state).orElse(KeyState.Pending);
  }
}
