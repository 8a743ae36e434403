package io.mapwright.operator.metrics;

import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.DrillStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.RunStatus;
import io.mapwright.operator.api.v1alpha1.SnapshotStatus;
import io.mapwright.operator.model.Timestamps;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mapwright_backup_*} metrics, one row for each instance with backups. They are read
 * from the status, so nothing is pushed and none goes stale with the pod of a job.
 */
final class BackupMetrics {
  private record Metric(MultiGauge gauge, Function<BackupStatus, Optional<? extends Number>> of) {}

  private final MeterRegistry registry;
  private final List<Metric> metrics = new ArrayList<>();

  BackupMetrics(MeterRegistry registry) {
    this.registry = registry;
    time(
        "last.success",
        "When an instance was last backed up",
        status -> Optional.ofNullable(status.lastSuccessfulTime()));
    time(
        "overdue",
        "When two runs of the schedule have passed without a backup",
        status -> Optional.ofNullable(status.overdueAfter()));
    time(
        "newest.snapshot",
        "When the data of the newest snapshot was read",
        status -> Optional.ofNullable(status.newest()).map(SnapshotStatus::time));
    time(
        "last.check",
        "When a check of the repository last found no error",
        status -> Optional.ofNullable(status.lastCheckTime()));
    time(
        "check.overdue",
        "When two runs of the schedule of checks have passed without a successful one",
        status -> Optional.ofNullable(status.checkOverdueAfter()));
    time(
        "last.prune",
        "When old snapshots were last removed",
        status -> Optional.ofNullable(status.lastPruneTime()));
    drill("drill.last.proven", "When a drill last proved a restore", DrillStatus::lastProvenTime);
    drill(
        "drill.overdue",
        "When two runs of the drill's schedule have passed without a proof",
        DrillStatus::overdueAfter);
    number(
        "drill.recovery.seconds",
        "From the start of the last drill to a server that answered",
        status -> Optional.ofNullable(status.drill()).map(DrillStatus::recoverySeconds));
    number("snapshots", "Snapshots", status -> Optional.ofNullable(status.snapshots()));
    number(
        "repository.bytes",
        "Size of the repository",
        status -> Optional.ofNullable(status.repositoryBytes()));
    number(
        "last.exit.code",
        "Exit code of the newest backup or check; 0 for success",
        status -> Optional.ofNullable(status.lastRun()).map(RunStatus::exitCode));
  }

  void refresh(List<MapwrightInstance> instances) {
    for (var metric : metrics) {
      metric.gauge().register(rows(instances, metric), true);
    }
  }

  private static List<MultiGauge.Row<?>> rows(List<MapwrightInstance> instances, Metric metric) {
    return instances.stream()
        .<MultiGauge.Row<?>>flatMap(instance ->
            Optional.ofNullable(instance.getStatus())
                .map(MapwrightInstanceStatus::backup)
                .flatMap(metric.of())
                .stream()
                .map(value -> MultiGauge.Row.of(DomainMetrics.tags(instance), value)))
        .toList();
  }

  private void time(String name, String description, Function<BackupStatus, Optional<String>> of) {
    metrics.add(
        new Metric(timestamp(name, description), status -> Optional.of(seconds(of.apply(status)))));
  }

  /** Instances without drills have no such rows. */
  private void drill(String name, String description, Function<DrillStatus, @Nullable String> of) {
    metrics.add(
        new Metric(
            timestamp(name, description),
            status ->
                Optional.ofNullable(status.drill())
                    .map(drill -> seconds(Optional.ofNullable(of.apply(drill))))));
  }

  private static long seconds(Optional<String> time) {
    return time.flatMap(Timestamps::parse).map(Instant::getEpochSecond).orElse(0L);
  }

  private MultiGauge timestamp(String name, String description) {
    return MultiGauge.builder("mapwright.backup." + name + ".timestamp")
        .description(description + ", as Unix time; 0 for never")
        .baseUnit("seconds")
        .register(registry);
  }

  private void number(
      String name, String description, Function<BackupStatus, Optional<? extends Number>> of) {
    var gauge =
        MultiGauge.builder("mapwright.backup." + name).description(description).register(registry);
    metrics.add(new Metric(gauge, of));
  }
}
