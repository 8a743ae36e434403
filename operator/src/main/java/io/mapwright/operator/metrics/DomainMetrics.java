package io.mapwright.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Timestamps;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mapwright_*} metrics: computed from the caches on scrape. Only the leader exports
 * them: a sum over all replicas would count each object several times.
 */
public final class DomainMetrics {
  private final Supplier<List<MapwrightInstance>> instances;
  private final MultiGauge certificates;
  private final MultiGauge served;
  private final MultiGauge logs;
  private final MultiGauge logsBound;
  private final Function<MapwrightInstance, Optional<Instant>> servedUntil;
  private final MultiGauge byReadiness;
  private final MultiGauge byState;
  private final ToLongFunction<KeyState> keys;
  private final BackupMetrics backups;
  private final BooleanSupplier leads;

  /**
   * Registers the metrics.
   *
   * @param servedUntil when the first of the certificates ends that an instance's gateways serve
   * @param keys how many keys are in a state
   * @param leads whether this replica is the one that works
   */
  public DomainMetrics(
      MeterRegistry registry,
      Supplier<List<MapwrightInstance>> instances,
      Function<MapwrightInstance, Optional<Instant>> servedUntil,
      ToLongFunction<KeyState> keys,
      BooleanSupplier leads) {
    this.instances = instances;
    this.servedUntil = servedUntil;
    this.keys = keys;
    this.leads = leads;
    Gauge.builder("mapwright.operator.leading", () -> leads.getAsBoolean() ? 1 : 0)
        .description("1 if this replica holds the lease and works, 0 if it is a standby")
        .register(registry);
    byReadiness =
        MultiGauge.builder("mapwright.instances")
            .description("Instances by their Ready condition")
            .register(registry);
    byState =
        MultiGauge.builder("mapwright.keys").description("API keys by state").register(registry);
    certificates =
        seconds(
            registry,
            "mapwright.certificate.not.after.timestamp",
            "When the certificate of an instance expires, as Unix time");
    served =
        seconds(
            registry,
            "mapwright.served.certificate.not.after.timestamp",
            "Earliest expiry of a certificate that a gateway serves, as Unix time");
    logs =
        seconds(
            registry,
            "mapwright.oldest.log.timestamp",
            "Creation time of the oldest pod that still has a log, as Unix time");
    logsBound =
        seconds(
            registry, "mapwright.log.retention", "Maximum age of a log line of an instance's pods");
    backups = new BackupMetrics(registry);
  }

  private static MultiGauge seconds(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).baseUnit("seconds").register(registry);
  }

  /** Brings the gauges up to date; called before each scrape. */
  public void refresh() {
    var leading = leads.getAsBoolean();
    var known = leading ? instances.get() : List.<MapwrightInstance>of();
    byReadiness.register(leading ? readiness(known) : List.of(), true);
    byState.register(leading ? states() : List.of(), true);
    certificates.register(
        rows(known, statusTime(MapwrightInstanceStatus::certificateNotAfter)), true);
    served.register(rows(known, servedUntil.andThen(DomainMetrics::unixTime)), true);
    logs.register(rows(known, statusTime(MapwrightInstanceStatus::logsSince)), true);
    logsBound.register(
        rows(
            known,
            instance -> InstanceInput.logRetention(instance.getSpec()).map(Duration::toSeconds)),
        true);
    backups.refresh(known);
  }

  private static List<MultiGauge.Row<?>> readiness(List<MapwrightInstance> known) {
    return Stream.of("True", "False", "Unknown")
        .<MultiGauge.Row<?>>map(
            ready -> MultiGauge.Row.of(Tags.of("ready", ready), count(known, ready)))
        .toList();
  }

  private List<MultiGauge.Row<?>> states() {
    return Stream.of(KeyState.values())
        .<MultiGauge.Row<?>>map(
            state -> MultiGauge.Row.of(Tags.of("state", state.name()), keys.applyAsLong(state)))
        .toList();
  }

  private static List<MultiGauge.Row<?>> rows(
      List<MapwrightInstance> known, Function<MapwrightInstance, Optional<Long>> seconds) {
    return known.stream()
        .<MultiGauge.Row<?>>flatMap(instance ->
            seconds.apply(instance).stream().map(value -> MultiGauge.Row.of(tags(instance), value)))
        .toList();
  }

  /** A time in the status, as Unix time. An invalid one only omits its own row. */
  private static Function<MapwrightInstance, Optional<Long>> statusTime(
      Function<MapwrightInstanceStatus, @Nullable String> time) {
    return instance ->
        unixTime(Optional.ofNullable(instance.getStatus()).map(time).flatMap(Timestamps::parse));
  }

  private static Optional<Long> unixTime(Optional<Instant> time) {
    return time.map(Instant::getEpochSecond);
  }

  static Tags tags(MapwrightInstance instance) {
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
}
