package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.mapwright.operator.api.v1alpha1.Gateway;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.gateway.PortProof;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import java.util.List;

/**
 * The gateway as a native sidecar: it starts before the server and stops after it, so there is no
 * moment in which the server is reachable without it. Only this container mounts what the gateway
 * reads and its runtime sockets.
 */
final class GatewayContainer {
  static final String NAME = "gateway";
  static final String CONFIG = "/etc/mapwright/gateway";
  private static final String RUN = "/run/mapwright";

  private GatewayContainer() {}

  static Container of(InstanceInput in) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(in.gatewayImage())
        .withImagePullPolicy("IfNotPresent")
        .withRestartPolicy("Always")
        .withCommand("haproxy", "-W", "-db", "-f", CONFIG + "/haproxy.cfg")
        .withPorts(
            port("https", GatewayPorts.DEFAULTS.https()),
            port("http", GatewayPorts.DEFAULTS.http()),
            port("metrics", GatewayPorts.DEFAULTS.internal()),
            port("control", GatewayPorts.DEFAULTS.control()),
            port("lending", GatewayPorts.DEFAULTS.lending()))
        .withResources(
            Sizing.of(in.gateway().map(Gateway::resources).orElse(null), "100m", "64Mi", "256Mi"))
        .withStartupProbe(proof())
        .withReadinessProbe(probe("/readyz").withPeriodSeconds(2).withFailureThreshold(2).build())
        .withLivenessProbe(probe("/healthz").withPeriodSeconds(10).withFailureThreshold(3).build())
        .withSecurityContext(PodSecurity.gateway())
        .withVolumeMounts(
            mount("gateway-config", CONFIG, true),
            mount("gateway-tls", "/etc/mapwright/tls", true),
            mount("gateway-control", "/etc/mapwright/control", true),
            mount("gateway-run", RUN, false))
        .build();
  }

  static List<Volume> volumes(InstanceInput in) {
    return List.of(
        new VolumeBuilder()
            .withName("gateway-config")
            .withNewConfigMap()
            .withName(Names.gatewayConfig(in.name()))
            .endConfigMap()
            .build(),
        new VolumeBuilder()
            .withName("gateway-tls")
            .withNewSecret()
            .withSecretName(in.tlsSecret())
            .endSecret()
            .build(),
        new VolumeBuilder()
            .withName("gateway-control")
            .withNewSecret()
            .withSecretName(Names.control(in.name()))
            // Not ca.key: anyone who holds it can push tables.
            .withItems(item("ca.crt"), item("tls.crt"), item("tls.key"))
            .endSecret()
            .build(),
        new VolumeBuilder()
            .withName("gateway-run")
            .withNewEmptyDir()
            .withMedium("Memory")
            .endEmptyDir()
            .build());
  }

  private static KeyToPath item(String key) {
    return new KeyToPathBuilder().withKey(key).withPath(key).build();
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder().withName(name).withContainerPort(number).build();
  }

  /**
   * Runs at each start until it passes: the later probes go to ports that are then known to be the
   * gateway's own. An open port alone proves nothing, because the kubelet checks no certificate.
   */
  private static Probe proof() {
    var proof =
        new PortProof(GatewayPorts.DEFAULTS, PodSecurity.GATEWAY_USER, PortProof.BOTH_FAMILIES);
    return new ProbeBuilder()
        .withNewExec()
        .withCommand(proof.command())
        .endExec()
        .withPeriodSeconds(1)
        .withFailureThreshold(30)
        .withTimeoutSeconds(5)
        .build();
  }

  private static ProbeBuilder probe(String path) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(GatewayPorts.DEFAULTS.internal())
        .endHttpGet()
        .withTimeoutSeconds(2);
  }
}
