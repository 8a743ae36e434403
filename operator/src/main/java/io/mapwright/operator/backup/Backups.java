package io.mapwright.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import io.mapwright.operator.workload.PodSecurity;
import io.mapwright.operator.workload.Sizing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backup CronJob. */
public final class Backups {
  private static final String SCRIPT = script();
  private static final String REPOSITORY = "/repository";
  private static final String CREDENTIALS = "/credentials";

  private Backups() {}

  public static CronJob cronJob(InstanceInput in) {
    var backup = in.backup().orElseThrow();
    return new CronJobBuilder()
        .withMetadata(Owned.by(in, Names.backup(in.name())).build())
        .withNewSpec()
        .withSchedule(backup.schedule())
        .withTimeZone(Optional.ofNullable(backup.timeZone()).orElse("Etc/UTC"))
        .withSuspend(Boolean.TRUE.equals(backup.suspend()))
        .withConcurrencyPolicy("Forbid")
        // A controller that was away for longer starts the run it missed, once.
        .withStartingDeadlineSeconds(3600L)
        .withSuccessfulJobsHistoryLimit(1)
        .withFailedJobsHistoryLimit(3)
        .withNewJobTemplate()
        .withNewMetadata()
        .withLabels(podLabels(in))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(1)
        .withActiveDeadlineSeconds(6 * 3600L)
        .withTemplate(template(in, backup))
        .endSpec()
        .endJobTemplate()
        .endSpec()
        .build();
  }

  /** Returns the repository in restic's notation. */
  public static String repository(InstanceInput in) {
    var repository = in.backup().orElseThrow().repository();
    var s3 = repository.s3();
    var rest = repository.rest();
    var sftp = repository.sftp();
    if (s3 != null) {
      var prefix = Optional.ofNullable(s3.prefix()).orElse(in.namespace() + "/" + in.name());
      return "s3:" + s3.endpoint() + "/" + s3.bucket() + "/" + prefix;
    }
    if (rest != null) {
      return "rest:" + rest.url();
    }
    if (sftp != null) {
      var port = Optional.ofNullable(sftp.port()).orElse(22);
      return "sftp://" + sftp.user() + "@" + sftp.host() + ":" + port + "/" + sftp.path();
    }
    return REPOSITORY;
  }

  private static Map<String, String> podLabels(InstanceInput in) {
    var labels = new HashMap<>(Labels.of(in.name()));
    labels.putAll(Labels.pods(in.name(), Component.BACKUP));
    return labels;
  }

  private static PodTemplateSpec template(InstanceInput in, Backup backup) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(podLabels(in))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withServiceAccountName(Names.server(in.name()))
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
        .withContainers(container(in, backup))
        .withVolumes(volumes(in, backup))
        .endSpec()
        .build();
  }

  private static Container container(InstanceInput in, Backup backup) {
    var builder =
        new ContainerBuilder()
            .withName("restic")
            .withImage(Optional.ofNullable(backup.image()).orElse(in.operator().backupImage()))
            .withImagePullPolicy("IfNotPresent")
            .withCommand("/bin/sh", "-c", SCRIPT)
            .withEnv(env(in, backup))
            .withResources(Sizing.of(backup.resources(), "100m", "128Mi", "1Gi"))
            .withSecurityContext(PodSecurity.container())
            .withVolumeMounts(mounts(in, backup));
    var credentials = backup.credentialsSecretRef();
    if (credentials != null) {
      builder.addNewEnvFrom().withNewSecretRef(credentials.name(), null).endEnvFrom();
    }
    return builder.build();
  }

  private static List<EnvVar> env(InstanceInput in, Backup backup) {
    var password =
        Optional.ofNullable(backup.passwordSecretRef())
            .orElse(new SecretKeyRef(Names.backupPassword(in.name()), "password"));
    var env = new ArrayList<EnvVar>();
    env.add(new EnvVar("RESTIC_REPOSITORY", repository(in), null));
    env.add(
        new EnvVarBuilder()
            .withName("RESTIC_PASSWORD")
            .withNewValueFrom()
            .withNewSecretKeyRef(password.key(), password.name(), null)
            .endValueFrom()
            .build());
    env.add(new EnvVar("RESTIC_CACHE_DIR", "/tmp/restic", null));
    env.add(new EnvVar("BACKUP_HOST", in.namespace() + "." + in.name(), null));
    env.add(new EnvVar("BACKUP_PATH", in.dataPath(), null));
    env.add(new EnvVar("BACKUP_KEEP", keep(backup), null));
    env.add(
        new EnvVar(
            "BACKUP_CHECK_SUBSET", Optional.ofNullable(backup.checkSubset()).orElse("1%"), null));
    var s3 = backup.repository().s3();
    if (s3 != null && s3.region() != null) {
      env.add(new EnvVar("AWS_DEFAULT_REGION", s3.region(), null));
    }
    return env;
  }

  private static String keep(Backup backup) {
    var retention = backup.retention();
    if (retention == null) {
      return "--keep-daily 7 --keep-weekly 4 --keep-monthly 6";
    }
    var options = new ArrayList<String>();
    keep(options, "last", retention.last());
    keep(options, "hourly", retention.hourly());
    keep(options, "daily", retention.daily());
    keep(options, "weekly", retention.weekly());
    keep(options, "monthly", retention.monthly());
    return String.join(" ", options);
  }

  private static void keep(List<String> options, String unit, @Nullable Integer number) {
    if (number != null && number > 0) {
      options.add("--keep-" + unit + " " + number);
    }
  }

  private static List<VolumeMount> mounts(InstanceInput in, Backup backup) {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(
        new VolumeMountBuilder()
            .withName("data")
            .withMountPath(in.dataPath())
            .withReadOnly(true)
            .build());
    mounts.add(new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
    if (backup.repository().volume() != null) {
      mounts.add(new VolumeMountBuilder().withName("repository").withMountPath(REPOSITORY).build());
    }
    if (backup.repository().sftp() != null && backup.credentialsSecretRef() != null) {
      mounts.add(
          new VolumeMountBuilder()
              .withName("credentials")
              .withMountPath(CREDENTIALS)
              .withReadOnly(true)
              .build());
    }
    return mounts;
  }

  private static List<Volume> volumes(InstanceInput in, Backup backup) {
    var volumes = new ArrayList<Volume>();
    volumes.add(
        new VolumeBuilder()
            .withName("data")
            .withNewPersistentVolumeClaim(in.dataClaim().orElseThrow(), null)
            .build());
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    var repository = backup.repository().volume();
    if (repository != null) {
      var claim =
          Optional.ofNullable(repository.existingClaim()).orElse(Names.backupRepository(in.name()));
      volumes.add(
          new VolumeBuilder()
              .withName("repository")
              .withNewPersistentVolumeClaim(claim, null)
              .build());
    }
    var credentials = backup.credentialsSecretRef();
    if (backup.repository().sftp() != null && credentials != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("credentials")
              .withNewSecret()
              .withSecretName(credentials.name())
              .withDefaultMode(0440)
              .endSecret()
              .build());
    }
    return volumes;
  }

  private static String script() {
    try (var in = Backups.class.getResourceAsStream("backup.sh")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
