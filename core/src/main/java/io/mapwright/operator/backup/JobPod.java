package io.mapwright.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Postgres;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import io.mapwright.operator.api.v1alpha1.VolumeClone;
import io.mapwright.operator.model.Images;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.workload.EnvSources;
import io.mapwright.operator.workload.PodSecurity;
import io.mapwright.operator.workload.Sizing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What all pods have in common that work with a repository. */
final class JobPod {
  /** The container whose termination message the operator reads. */
  static final String RESTIC = "restic";

  /** Where a snapshot has the data volume, whatever the map server calls it. */
  static final String DATA = "/mapwright/data";

  /** Holds the instance's spec, for disaster recovery. */
  static final String MANIFEST = "/mapwright/manifest";

  static final String KEYS = "/mapwright/keys";

  /** As many as {@code KeyShard.COUNT}. */
  private static final int KEY_FILES = 16;

  static final String DATABASE = "/mapwright/database";

  private JobPod() {}

  static Map<String, String> labels(InstanceInput in, Component component, Task task) {
    var labels = new HashMap<>(Labels.of(in.name()));
    labels.putAll(Labels.pods(in.name(), component));
    labels.put(Labels.TASK, task.label());
    return labels;
  }

  static PodTemplateSpec template(
      InstanceInput in,
      Component component,
      Task task,
      List<Container> before,
      List<Container> containers,
      List<Volume> volumes) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(in, component, task))
        .addToAnnotations(Labels.OWNER, in.name())
        .addToAnnotations(
            "kubectl.kubernetes.io/default-container", containers.getFirst().getName())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withServiceAccountName(Names.backup(in.name()))
        .withPriorityClassName(in.backup().map(Backup::priorityClassName).orElse(null))
        .withImagePullSecrets(in.imagePullSecrets())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(PodSecurity.pod(in.runAsUser()))
        // A volume that one node holds can be read only there.
        .withNewAffinity()
        .withNewPodAffinity()
        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
        .withWeight(100)
        .withNewPodAffinityTerm()
        .withTopologyKey("kubernetes.io/hostname")
        .withNewLabelSelector()
        .withMatchLabels(Labels.pods(in.name(), Component.SERVER))
        .endLabelSelector()
        .endPodAffinityTerm()
        .endPreferredDuringSchedulingIgnoredDuringExecution()
        .endPodAffinity()
        .endAffinity()
        .withInitContainers(before)
        .withContainers(containers)
        .withVolumes(volumes)
        .endSpec()
        .build();
  }

  /** A container of restic's image that runs one of our scripts. */
  static Container restic(
      InstanceInput in,
      RepositoryAccess access,
      String name,
      String script,
      List<EnvVar> env,
      List<VolumeMount> mounts) {
    var backup = in.backup();
    var all = new ArrayList<>(access.env());
    all.addAll(env);
    var allMounts = new ArrayList<>(access.mounts());
    allMounts.addAll(mounts);
    allMounts.add(mount("tmp", "/tmp", name));
    return new ContainerBuilder()
        .withName(name)
        .withImage(in.backupImage())
        .withImagePullPolicy("IfNotPresent")
        .withCommand("/bin/sh", "-c", script)
        .withEnv(all)
        .withEnvFrom(access.envFrom())
        .withResources(
            Sizing.of(backup.map(Backup::resources).orElse(null), "100m", "128Mi", "1Gi"))
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(allMounts)
        .build();
  }

  /** A container of PostgreSQL's image. */
  static Container postgres(
      Postgres postgres,
      SecretKeyRef url,
      String name,
      List<String> command,
      List<EnvVar> env,
      List<VolumeMount> mounts) {
    var allMounts = new ArrayList<>(mounts);
    allMounts.add(mount("tmp", "/tmp", name));
    return new ContainerBuilder()
        .withName(name)
        .withImage(Images.of(postgres))
        .withImagePullPolicy("IfNotPresent")
        .withCommand(command)
        .withEnv(env)
        .addToEnv(EnvSources.secret("DATABASE_URL", url), new EnvVar("HOME", "/tmp", null))
        .withResources(Sizing.of(null, "100m", "128Mi", "1Gi"))
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(allMounts)
        .build();
  }

  static VolumeMount mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path).build();
  }

  static VolumeMount mount(String name, String path, String folder) {
    return new VolumeMountBuilder(mount(name, path)).withSubPath(folder).build();
  }

  static VolumeMount readOnly(String name, String path) {
    return new VolumeMountBuilder(mount(name, path)).withReadOnly(true).build();
  }

  static Volume scratch(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }

  static Volume data(InstanceInput in) {
    return new VolumeBuilder()
        .withName("data")
        .withNewPersistentVolumeClaim(in.dataClaim().orElseThrow(), null)
        .build();
  }

  /**
   * What a backup reads: the data volume, or a clone of it that lives as long as the pod. The claim
   * names the volume as its source, which is how Kubernetes asks a CSI driver for a clone.
   */
  static Volume source(InstanceInput in) {
    return in.backup()
        .map(Backup::volumeClone)
        .map(clone -> clone(in, clone))
        .orElseGet(() -> data(in));
  }

  private static Volume clone(InstanceInput in, VolumeClone clone) {
    var volume = in.volume().orElseThrow();
    var size = Optional.ofNullable(clone.size()).or(() -> Optional.ofNullable(volume.size()));
    return new VolumeBuilder()
        .withName("data")
        .withNewEphemeral()
        .withNewVolumeClaimTemplate()
        .withNewMetadata()
        .withLabels(Labels.of(in.name()))
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(
            Optional.ofNullable(clone.storageClassName()).orElse(volume.storageClassName()))
        .withNewDataSource(null, "PersistentVolumeClaim", in.dataClaim().orElseThrow())
        .withNewResources()
        .withRequests(Map.of("storage", size.orElseThrow()))
        .endResources()
        .endSpec()
        .endVolumeClaimTemplate()
        .endEphemeral()
        .build();
  }

  /** The keys as stored by the operator; absent for an instance without keys. */
  static Volume keys(InstanceInput in) {
    return new VolumeBuilder()
        .withName("keys")
        .withNewProjected()
        .withSources(
            IntStream.range(0, KEY_FILES)
                .mapToObj(number ->
                    new VolumeProjectionBuilder()
                        .withNewSecret()
                        .withName(Names.keyringShard(in.name(), number))
                        .addNewItem()
                        .withKey("keys.gz")
                        .withPath(number + ".gz")
                        .endItem()
                        .withOptional(true)
                        .endSecret()
                        .build())
                .toList())
        .endProjected()
        .build();
  }

  static Volume files(InstanceInput in) {
    return new VolumeBuilder()
        .withName("jobs")
        .withNewConfigMap()
        .withName(Names.backup(in.name()))
        .endConfigMap()
        .build();
  }

  /**
   * A failure that a retry cannot fix fails the job; an evicted pod does not count.
   *
   * @param notRetryable exit codes by container
   */
  static PodFailurePolicy failurePolicy(Map<String, List<Integer>> notRetryable) {
    var policy = new PodFailurePolicyBuilder();
    notRetryable.forEach((container, codes) ->
        policy
            .addNewRule()
            .withAction("FailJob")
            .withNewOnExitCodes()
            .withContainerName(container)
            .withOperator("In")
            .withValues(codes)
            .endOnExitCodes()
            .endRule());
    return policy
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .build();
  }
}
