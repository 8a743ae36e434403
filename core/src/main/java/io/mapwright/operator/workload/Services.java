package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.mapwright.operator.api.v1alpha1.Exposure;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.HashMap;
import java.util.Map;

/** The public Service and, apart from it, the one for metrics. */
public final class Services {
  private Services() {}

  public static Service web(InstanceInput in) {
    var balanced = in.exposureType() == ExposureType.LoadBalancer;
    var meta = Owned.by(in, Names.server(in.name()));
    if (balanced) {
      var annotations = new HashMap<>(in.exposure().map(Exposure::annotations).orElse(Map.of()));
      annotations.remove(Labels.OWNER);
      meta.addToAnnotations(annotations);
    }
    return new ServiceBuilder()
        .withMetadata(meta.build())
        .withNewSpec()
        .withType(balanced ? "LoadBalancer" : "ClusterIP")
        // Preserves the client's address, which limits and the access to the control plane depend
        // on.
        .withExternalTrafficPolicy(balanced ? "Local" : null)
        .withLoadBalancerSourceRanges(
            balanced ? in.exposure().map(Exposure::loadBalancerSourceRanges).orElse(null) : null)
        .withSelector(Labels.pods(in.name(), Component.SERVER))
        .withPorts(
            port("https", 443, GatewayPorts.DEFAULTS.https(), "https"),
            port("http", 80, GatewayPorts.DEFAULTS.http(), "http"))
        .endSpec()
        .build();
  }

  public static Service metrics(InstanceInput in) {
    return new ServiceBuilder()
        .withMetadata(
            Owned.by(in, Names.metricsService(in.name()))
                .addToLabels(Labels.COMPONENT, "metrics")
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        // Metrics of a gateway that is not ready are needed most.
        .withPublishNotReadyAddresses(true)
        .withSelector(Labels.pods(in.name(), Component.SERVER))
        .withPorts(
            port(
                "metrics",
                GatewayPorts.DEFAULTS.internal(),
                GatewayPorts.DEFAULTS.internal(),
                "http"))
        .endSpec()
        .build();
  }

  private static ServicePort port(String name, int port, int target, String protocol) {
    return new ServicePortBuilder()
        .withName(name)
        .withPort(port)
        .withProtocol("TCP")
        .withNewTargetPort(target)
        .withAppProtocol(protocol)
        .build();
  }
}
