package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.SnapshotStatus;
import io.mapwright.operator.backup.FailureHints;
import io.mapwright.operator.backup.JobReport;
import io.mapwright.operator.backup.RepositoryAccess;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.JobOutcome;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.DeletionProgress.Phase;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides how far the final backup has come of an instance that is being deleted. Nothing is
 * remembered: the time of the deletion, the pods and the Job say it all. Pure.
 *
 * @param job the Job of the final backup as last seen
 */
public record FinalBackupDecision(
    MapwrightInstance instance,
    InstanceInput in,
    BackupFacts backups,
    Optional<Job> job,
    Instant now) {
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  /** Whether an instance, once deleted, waits: one that leaves all its objects behind does not. */
  public static boolean isRequested(MapwrightInstance instance) {
    var backup = instance.getSpec().backup();
    return backup != null
        && backup.onDeletion() != null
        && !instance.getMetadata().getFinalizers().contains(ORPHAN);
  }

  public static boolean isBeingDeleted(MapwrightInstance instance) {
    return instance.getMetadata().getDeletionTimestamp() != null;
  }

  public DeletionProgress progress() {
    var end = new JobOutcome(job);
    if (suspended()) {
      return lost("backup.suspend is true");
    }
    if (in.dataIncomplete()) {
      return lost("a restore has not ended well, so the data may be incomplete");
    }
    if (end.complete()) {
      return at(Phase.SAVED, "the final backup is " + snapshot());
    }
    if (end.failed()) {
      return lost(report().map(FailureHints::describe).orElseGet(end::message));
    }
    if (!now.isBefore(deadline())) {
      return lost(
          "it was not done within " + in.finalBackupTimeout().toSeconds() + " s: " + waitsFor());
    }
    return job.isPresent() || serverGone()
        ? at(Phase.BACKING_UP, waitsFor())
        : at(Phase.STOPPING, waitsFor());
  }

  private boolean suspended() {
    return in.backup().map(Backup::suspend).orElse(false);
  }

  private boolean serverGone() {
    return backups.restore().serverGone();
  }

  private String waitsFor() {
    if (job.isEmpty()) {
      return serverGone() ? "the backup is to be started" : "the map server still stops";
    }
    return run()
        .flatMap(JobRun::stuck)
        .map(why -> "the pod of the backup cannot start: " + why)
        .orElse("the backup still runs");
  }

  private Optional<JobRun> run() {
    return backups.ofJob(job.map(found -> found.getMetadata().getName()).orElse(""));
  }

  private Optional<JobReport> report() {
    return run().flatMap(JobRun::report);
  }

  private String snapshot() {
    var url = RepositoryAccess.of(in).url();
    return report()
        .flatMap(JobReport::newest)
        .map(snapshot -> "snapshot " + snapshot.id() + " in " + url)
        .orElse("in " + url);
  }

  /** What it comes to if something is in the way that no waiting fixes. */
  public DeletionProgress lost(Problem problem) {
    // The one problem that passes by itself, and takes everything along.
    return problem.reason() == Reason.Progressing
        ? at(Phase.LOST, "there is no final backup: " + problem.message() + ", with all data in it")
        : lost(problem.message());
  }

  private DeletionProgress lost(String why) {
    return at(Phase.LOST, "there is no final backup: " + why + ". " + alternative());
  }

  /** What there is instead. */
  private String alternative() {
    var newest =
        backups
            .before()
            .map(BackupStatus::newest)
            .map(SnapshotStatus::time)
            .map(time -> "The newest backup is of " + time)
            .orElse("No backup is known");
    return newest + "; the data volume " + in.dataClaim().orElse("") + " stays";
  }

  private DeletionProgress at(Phase phase, String message) {
    var foreground = instance.getMetadata().getFinalizers().contains(FOREGROUND);
    return new DeletionProgress(phase, message, deadline(), foreground);
  }

  private Instant deadline() {
    return Instant.parse(instance.getMetadata().getDeletionTimestamp())
        .plus(in.finalBackupTimeout());
  }
}
