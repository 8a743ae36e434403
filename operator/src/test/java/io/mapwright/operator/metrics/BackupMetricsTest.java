package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.model.Given;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BackupMetricsTest {
  /** Each field of the status with a value of its own, by the day. */
  private static final String WHOLE =
      """
      backup:
        lastSuccessfulTime: "2027-03-01T00:00:00Z"
        overdueAfter: "2027-03-02T00:00:00Z"
        newest: {id: 1a2b3c4d, time: "2027-03-03T00:00:00Z", bytes: 5}
        lastCheckTime: "2027-03-04T00:00:00Z"
        checkOverdueAfter: "2027-03-05T00:00:00Z"
        lastPruneTime: "2027-03-06T00:00:00Z"
        snapshots: 8
        repositoryBytes: 700
        lastRun: {pod: a, finishedAt: "2027-03-01T00:00:00Z", stage: backup, exitCode: 3}
        drill: {lastProvenTime: "2027-03-07T00:00:00Z", overdueAfter: "2027-03-08T00:00:00Z", recoverySeconds: 42}
      """;

  @Test
  void eachValueIsTheStatus() {
    assertThat(series(instance("whole", WHOLE)))
        .isEqualTo(
            Map.ofEntries(
                day("last_success", 1),
                day("overdue", 2),
                day("newest_snapshot", 3),
                day("last_check", 4),
                day("check_overdue", 5),
                day("last_prune", 6),
                day("drill_last_proven", 7),
                day("drill_overdue", 8),
                Map.entry("mapwright_backup_snapshots", 8.0),
                Map.entry("mapwright_backup_repository_bytes", 700.0),
                Map.entry("mapwright_backup_last_exit_code", 3.0),
                Map.entry("mapwright_backup_drill_recovery_seconds", 42.0)));
  }

  /** An alert on a time that is 0 fires; one on a series that is absent does not. */
  @Test
  void whatNeverHappenedIsZeroAndWhatNobodyAskedForIsAbsent() {
    assertThat(series(instance("new", "backup: {repository: 'b:/x'}")))
        .containsEntry("mapwright_backup_last_success_timestamp_seconds", 0.0)
        .containsEntry("mapwright_backup_last_check_timestamp_seconds", 0.0)
        .doesNotContainKeys(
            "mapwright_backup_drill_last_proven_timestamp_seconds", "mapwright_backup_snapshots");
    assertThat(series(instance("new", "backup: {drill: {}}")))
        .containsEntry("mapwright_backup_drill_last_proven_timestamp_seconds", 0.0);
    assertThat(series(instance("none", "observedGeneration: 1"))).isEmpty();
  }

  @Test
  void instanceThatIsGoneHasNoSeries() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var metrics = new BackupMetrics(registry);
    metrics.refresh(List.of(instance("a", WHOLE), instance("b", WHOLE)));
    metrics.refresh(List.of(instance("b", WHOLE)));
    assertThat(registry.scrape())
        .contains("instance_name=\"b\"")
        .doesNotContain("instance_name=\"a\"");
  }

  private static Map.Entry<String, Double> day(String name, int day) {
    return Map.entry(
        "mapwright_backup_" + name + "_timestamp_seconds",
        (double) Instant.parse("2027-03-0" + day + "T00:00:00Z").getEpochSecond());
  }

  private static MapwrightInstance instance(String name, String status) {
    var instance = Given.instance(name, Given.SMALLEST);
    instance.setStatus(Serialization.unmarshal(status, MapwrightInstanceStatus.class));
    return instance;
  }

  private static Map<String, Double> series(MapwrightInstance instance) {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new BackupMetrics(registry).refresh(List.of(instance));
    return registry
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('{')),
                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
  }
}
