package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.model.Given;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DomainMetricsTest {
  @Test
  void statusThatHoldsNoTimeCostsItsOwnRowOnly() {
    var broken = Given.instance("broken", Given.SMALLEST);
    broken.setStatus(status("soon"));
    var good = Given.instance("good", Given.SMALLEST);
    good.setStatus(status("2027-03-02T00:00:00Z"));
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new DomainMetrics(registry, () -> List.of(broken, good), _ -> Optional.empty(), _ -> 0)
        .refresh();
    assertThat(registry.scrape())
        .contains(
            "mapwright_certificate_not_after_timestamp_seconds{instance_name=\"good\",namespace=\"maps\"} 1.8039")
        .contains("mapwright_backup_last_success_timestamp_seconds{instance_name=\"broken\"")
        .doesNotContain("not_after_timestamp_seconds{instance_name=\"broken\"");
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
