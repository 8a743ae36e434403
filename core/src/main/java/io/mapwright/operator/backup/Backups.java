package io.mapwright.operator.backup;

import static io.mapwright.operator.backup.JobPod.mount;
import static io.mapwright.operator.backup.JobPod.readOnly;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.RetentionMode;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The CronJobs that back up and that check the repository. */
public final class Backups {
  private static final String SCRIPT = Scripts.of("common.sh", "backup.sh");

  /**
   * A clone is deleted with its pod, and a pod with its Job. Long enough for a restarting operator
   * to read the result.
   */
  private static final int CLONE_TTL_SECONDS = (int) Duration.ofHours(1).toSeconds();

  /** The exit codes of backup.sh and dump.sh, which restic's container returns. */
  private static final List<Integer> NOT_RETRYABLE = List.of(3, 10, 12, 69, 70, 71, 72, 73);

  private Backups() {}

  public static CronJob cronJob(InstanceInput in) {
    var backup = in.backup().orElseThrow();
    var before = new ArrayList<Container>();
    var containers = new ArrayList<Container>();
    containers.add(restic(in, backup, Task.BACKUP));
    Stages.before(in).ifPresent(before::add);
    Stages.dump(in).ifPresent(before::add);
    Stages.after(in).ifPresent(containers::add);
    var schedule =
        cronJob(
            in,
            Names.backup(in.name()),
            backup.schedule(),
            Task.BACKUP,
            pod(in, Task.BACKUP, before, containers));
    if (backup.volumeClone() != null) {
      schedule.getSpec().getJobTemplate().getSpec().setTtlSecondsAfterFinished(CLONE_TTL_SECONDS);
    }
    return schedule;
  }

  /** A check on a schedule of its own. */
  public static CronJob check(InstanceInput in) {
    var backup = in.backup().orElseThrow();
    var schedule = Optional.ofNullable(backup.checkSchedule()).orElseThrow();
    var containers = List.of(restic(in, backup, Task.CHECK));
    return cronJob(
        in,
        Names.check(in.name()),
        schedule,
        Task.CHECK,
        pod(in, Task.CHECK, List.of(), containers));
  }

  /**
   * One backup now, before an image is changed; each attempt has its own name. The name contains no
   * time: a pass that does not see the last status yet would start another one.
   */
  public static Job beforeUpdate(InstanceInput in) {
    var attempt =
        in.imageDecision().update().map(UpdateStatus::target).orElse("")
            + in.updates().map(Updates::retry).orElse("");
    var template = cronJob(in).getSpec().getJobTemplate();
    return new JobBuilder()
        .withMetadata(
            Owned.by(in, Names.beforeUpdate(in.name(), attempt))
                .addToLabels(template.getMetadata().getLabels())
                .build())
        .withSpec(template.getSpec())
        .build();
  }

  /** The final backup of an instance; its Job stays for a day, for diagnosis. */
  public static Job onDeletion(InstanceInput in) {
    var template = cronJob(in).getSpec().getJobTemplate();
    return new JobBuilder()
        .withMetadata(
            Owned.kept(in, Names.finalBackup(in.name(), in.uid()))
                .addToLabels(template.getMetadata().getLabels())
                .build())
        .withSpec(template.getSpec())
        .editSpec()
        .withActiveDeadlineSeconds(in.finalBackupTimeout().toSeconds())
        .withTtlSecondsAfterFinished((int) Duration.ofDays(1).toSeconds())
        .endSpec()
        .build();
  }

  static CronJob cronJob(
      InstanceInput in, String name, String schedule, Task task, PodTemplateSpec template) {
    var backup = in.backup().orElseThrow();
    return new CronJobBuilder()
        .withMetadata(Owned.by(in, name).build())
        .withNewSpec()
        .withSchedule(schedule)
        .withTimeZone(Optional.ofNullable(backup.timeZone()).orElse("Etc/UTC"))
        .withSuspend(Boolean.TRUE.equals(backup.suspend()))
        .withConcurrencyPolicy("Forbid")
        // A controller that was down starts a missed run once, within this time.
        .withStartingDeadlineSeconds(3600L)
        .withSuccessfulJobsHistoryLimit(1)
        .withFailedJobsHistoryLimit(3)
        .withNewJobTemplate()
        .withNewMetadata()
        .withLabels(template.getMetadata().getLabels())
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(1)
        .withActiveDeadlineSeconds(6 * 3600L)
        .withPodFailurePolicy(JobPod.failurePolicy(Map.of(JobPod.RESTIC, NOT_RETRYABLE)))
        .withTemplate(template)
        .endSpec()
        .endJobTemplate()
        .endSpec()
        .build();
  }

  private static PodTemplateSpec pod(
      InstanceInput in, Task task, List<Container> before, List<Container> containers) {
    var volumes = new ArrayList<>(RepositoryAccess.of(in).volumes(in));
    volumes.add(JobPod.files(in));
    volumes.add(JobPod.scratch("tmp"));
    volumes.add(JobPod.scratch("work"));
    if (task == Task.BACKUP) {
      volumes.add(JobPod.source(in));
      volumes.add(JobPod.keys(in));
    }
    if (in.postgres().isPresent() && task == Task.BACKUP) {
      volumes.add(JobPod.scratch("database"));
    }
    return JobPod.template(in, Component.BACKUP, task, before, containers, volumes);
  }

  private static Container restic(InstanceInput in, Backup backup, Task task) {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount("work", "/work"));
    if (task == Task.BACKUP) {
      mounts.add(readOnly("data", JobPod.DATA));
      mounts.add(readOnly("keys", JobPod.KEYS));
      mounts.add(manifest());
      in.postgres().ifPresent(_ -> mounts.add(readOnly("database", JobPod.DATABASE)));
    }
    return JobPod.restic(
        in, RepositoryAccess.of(in), JobPod.RESTIC, SCRIPT, env(in, backup, task), mounts);
  }

  /**
   * Mounted with a subPath: the files of a ConfigMap are symbolic links, which restic does not
   * follow.
   */
  private static VolumeMount manifest() {
    var file = mount("jobs", JobPod.MANIFEST + "/" + JobFiles.INSTANCE, JobFiles.INSTANCE);
    return new VolumeMountBuilder(file).withReadOnly(true).build();
  }

  private static List<EnvVar> env(InstanceInput in, Backup backup, Task task) {
    var env = new ArrayList<EnvVar>();
    env.add(new EnvVar("BACKUP_TASK", task.label(), null));
    env.add(new EnvVar("BACKUP_HOST", host(in), null));
    env.add(new EnvVar("BACKUP_KEEP", keep(backup), null));
    var checks = task == Task.CHECK || backup.checkSchedule() == null;
    var subset = Optional.ofNullable(backup.checkSubset()).orElse(Defaults.CHECK_SUBSET);
    env.add(new EnvVar("BACKUP_CHECK_SUBSET", checks ? subset : "", null));
    env.add(new EnvVar("BACKUP_INCLUDE", joined(backup.include()), null));
    env.add(new EnvVar("BACKUP_EXCLUDE", joined(backup.exclude()), null));
    if (task == Task.BACKUP && Stages.after(in).isPresent()) {
      env.add(new EnvVar("BACKUP_AFTER", "yes", null));
    }
    return env;
  }

  /** The host name of an instance's snapshots. */
  static String host(InstanceInput in) {
    return in.namespace() + "." + in.name();
  }

  private static String joined(@Nullable List<String> list) {
    return list == null ? "" : String.join(" ", list);
  }

  /** Options of {@code restic forget}; empty if nothing is to be forgotten. */
  private static String keep(Backup backup) {
    var retention = backup.retention();
    if (retention != null && retention.mode() == RetentionMode.KeepAll) {
      return "";
    }
    if (retention == null) {
      return "--keep-daily %d --keep-weekly %d --keep-monthly %d"
          .formatted(Defaults.KEEP_DAILY, Defaults.KEEP_WEEKLY, Defaults.KEEP_MONTHLY);
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
}
