package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.model.Given;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DomainMetricsTest {
  @Test
  void statusThatHoldsNoTimeCostsItsOwnRowOnly() {
    var broken = Given.instance("broken", Given.SMALLEST);
    broken.setStatus(status("soon"));
    var good = Given.instance("good", Given.SMALLEST);
    good.setStatus(status("2027-03-02T00:00:00Z"));
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new DomainMetrics(
            registry, () -> List.of(broken, good), _ -> Optional.empty(), _ -> 0, () -> true)
        .refresh();
    assertThat(registry.scrape())
        .contains(
            "mapwright_certificate_not_after_timestamp_seconds{instance_name=\"good\",namespace=\"maps\"} 1.8039")
        .contains("mapwright_backup_last_success_timestamp_seconds{instance_name=\"broken\"")
        .doesNotContain("not_after_timestamp_seconds{instance_name=\"broken\"");
  }

  /** A sum over replicas would count each object as often as there are replicas. */
  @Test
  void standbyCountsNothing() {
    var instance = Given.instance("good", Given.SMALLEST);
    instance.setStatus(status("2027-03-02T00:00:00Z"));
    var leads = new AtomicBoolean();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var metrics =
        new DomainMetrics(
            registry, () -> List.of(instance), _ -> Optional.empty(), _ -> 3, leads::get);
    metrics.refresh();
    assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
        .containsExactly("mapwright_operator_leading 0.0");
    leads.set(true);
    metrics.refresh();
    assertThat(registry.scrape())
        .contains("mapwright_operator_leading 1.0")
        .contains("mapwright_keys{state=\"Active\"} 3.0")
        .contains("mapwright_instances{ready=\"Unknown\"} 1.0")
        .contains("mapwright_certificate_not_after_timestamp_seconds{instance_name=\"good\"");
    leads.set(false);
    metrics.refresh();
    assertThat(registry.scrape()).doesNotContain("instance_name", "mapwright_keys{");
  }

  private static MapwrightInstanceStatus status(String time) {
    return Serialization.unmarshal(
        """
        certificateNotAfter: "%s"
        logsSince: "%s"
        backup: {lastSuccessfulTime: "%s"}
        """
            .formatted(time, time, time),
        MapwrightInstanceStatus.class);
  }
}
