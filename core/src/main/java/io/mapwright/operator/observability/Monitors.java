package io.mapwright.operator.observability;

import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitorBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The ServiceMonitor that lets a Prometheus operator scrape the gateways. */
public final class Monitors {
  private Monitors() {}

  public static ServiceMonitor serviceMonitor(InstanceInput in) {
    var monitor =
        Objects.requireNonNull(Objects.requireNonNull(in.spec().monitoring()).serviceMonitor());
    return new ServiceMonitorBuilder()
        .withMetadata(
            Owned.by(in, Names.server(in.name()))
                .addToLabels(Optional.ofNullable(monitor.labels()).orElse(Map.of()))
                .addToLabels(Labels.of(in.name()))
                .build())
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(
            Map.of(Labels.INSTANCE, Names.label(in.name()), Labels.COMPONENT, "metrics"))
        .endSelector()
        .addNewEndpoint()
        .withPort("metrics")
        .withPath("/metrics")
        .withInterval(monitor.interval())
        .endEndpoint()
        // Refusals by scope and rule, which the exporter does not have.
        .addNewEndpoint()
        .withPort("metrics")
        .withPath("/decisions")
        .withInterval(monitor.interval())
        // Otherwise both would have the same labels, and share one series "up".
        .addNewRelabeling()
        .withAction("replace")
        .withTargetLabel("endpoint")
        .withReplacement("decisions")
        .endRelabeling()
        .endEndpoint()
        .endSpec()
        .build();
  }
}
