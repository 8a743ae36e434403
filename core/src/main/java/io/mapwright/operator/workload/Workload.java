package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Deployment: map server and gateway in one pod, so that plain text never leaves the pod. */
public final class Workload {
  /** Name of the map server's container. */
  public static final String SERVER_CONTAINER = ServerContainer.NAME;

  /** Name of the gateway's. */
  public static final String GATEWAY_CONTAINER = GatewayContainer.NAME;

  private Workload() {}

  /**
   * Makes it.
   *
   * @param gatewayHash of the gateway's files: another one replaces the pods
   */
  public static Deployment deployment(InstanceInput in, String gatewayHash) {
    return new DeploymentBuilder()
        .withMetadata(Owned.by(in, Names.server(in.name())).build())
        .withNewSpec()
        // An autoscaler owns this field; setting it here would conflict.
        .withReplicas(replicas(in))
        .withRevisionHistoryLimit(3)
        .withNewSelector()
        .withMatchLabels(Labels.pods(in.name(), Component.SERVER))
        .endSelector()
        .withStrategy(strategy(in))
        .withTemplate(template(in, gatewayHash))
        .endSpec()
        .build();
  }

  private static @Nullable Integer replicas(InstanceInput in) {
    if (in.stopped()) {
      return 0;
    }
    return in.autoscaled() ? null : Integer.valueOf(in.replicas());
  }

  /** A volume that only one node may mount must be released before the next pod can use it. */
  private static DeploymentStrategy strategy(InstanceInput in) {
    var shared = !in.volumeIsExclusive();
    return new DeploymentStrategyBuilder()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withNewMaxSurge(shared ? 1 : 0)
        .withNewMaxUnavailable(shared ? 0 : 1)
        .endRollingUpdate()
        .build();
  }

  private static PodTemplateSpec template(InstanceInput in, String gatewayHash) {
    var labels = new HashMap<>(Labels.of(in.name()));
    labels.putAll(Labels.pods(in.name(), Component.SERVER));
    var annotations = new HashMap<String, String>();
    annotations.put(Labels.CONFIG_HASH, gatewayHash);
    annotations.put(Labels.OWNER, in.name());
    annotations.put("kubectl.kubernetes.io/default-container", ServerContainer.NAME);
    in.imageDecision()
        .logs()
        .ifPresent(logs -> annotations.put(Labels.LOGS_SINCE, logs.since().toString()));
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(Names.server(in.name()))
        .withAutomountServiceAccountToken(false)
        // No list of other Services in the environment of a program that need not know them.
        .withEnableServiceLinks(false)
        // With a shared process namespace the server could read the gateway's files through /proc.
        .withShareProcessNamespace(false)
        .withImagePullSecrets(in.imagePullSecrets())
        .withSecurityContext(PodSecurity.pod(in.runAsUser()))
        .withTerminationGracePeriodSeconds(60L)
        .addNewTopologySpreadConstraint()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(Labels.pods(in.name(), Component.SERVER))
        .endLabelSelector()
        .endTopologySpreadConstraint()
        .withInitContainers(GatewayContainer.of(in))
        .withContainers(ServerContainer.of(in))
        .withVolumes(volumes(in))
        .endSpec()
        .build();
  }

  private static List<Volume> volumes(InstanceInput in) {
    var volumes = new ArrayList<>(GatewayContainer.volumes(in));
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    var data = new VolumeBuilder().withName("data");
    in.dataClaim()
        .ifPresentOrElse(
            claim -> data.withNewPersistentVolumeClaim(claim, null),
            () -> data.withNewEmptyDir().endEmptyDir());
    volumes.add(data.build());
    return volumes;
  }
}
