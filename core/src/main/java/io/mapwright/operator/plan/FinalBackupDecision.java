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
 * Decides the progress of the final backup of an instance that is being deleted. Stateless: derived
 * from the deletion timestamp, the pods and the Job. Pure.
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

  /** Whether the deletion of an instance waits for a backup; not if it orphans its objects. */
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
      return lost("a restore has not succeeded, so the data may be incomplete");
    }
    if (end.complete()) {
      return at(Phase.SAVED, "the final backup is " + snapshot());
    }
    if (end.failed()) {
      return lost(report().map(FailureHints::describe).orElseGet(end::message));
    }
    if (!now.isBefore(deadline())) {
      return lost(
          "it was not finished within "
              + in.finalBackupTimeout().toSeconds()
              + " s: "
              + waitReason());
    }
    return job.isPresent() || serverGone()
        ? at(Phase.BACKING_UP, waitReason())
        : at(Phase.STOPPING, waitReason());
  }

  private boolean suspended() {
    return in.backup().map(Backup::suspend).orElse(false);
  }

  private boolean serverGone() {
    return backups.restore().serverGone();
  }

  private String waitReason() {
    if (job.isEmpty()) {
      return serverGone() ? "the backup is about to start" : "the map server is still stopping";
    }
    return run()
        .flatMap(JobRun::stuck)
        .map(why -> "the pod of the backup cannot start: " + why)
        .orElse("the backup is still running");
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

  /** The outcome if a problem prevents the backup that waiting does not fix. */
  public DeletionProgress lost(Problem problem) {
    // The one problem that ends by itself, with everything deleted.
    return problem.reason() == Reason.Progressing
        ? at(Phase.LOST, "there is no final backup: " + problem.message() + ", with all data in it")
        : lost(problem.message());
  }

  private DeletionProgress lost(String why) {
    return at(Phase.LOST, "there is no final backup: " + why + ". " + alternative());
  }

  /** What is available instead. */
  private String alternative() {
    var newest =
        backups
            .before()
            .map(BackupStatus::newest)
            .map(SnapshotStatus::time)
            .map(time -> "The newest backup is from " + time)
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
