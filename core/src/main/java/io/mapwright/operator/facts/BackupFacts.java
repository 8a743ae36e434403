package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.model.Labels.Task;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was gathered about the backups.
 *
 * @param schedule the CronJob as last seen
 * @param runs pods that still exist; Kubernetes keeps those of the last few runs
 * @param before the status before this pass, for what no pod shows any longer
 * @param restore facts about the restore that the spec asks for
 */
public record BackupFacts(
    Optional<CronJob> schedule,
    List<JobRun> runs,
    Optional<BackupStatus> before,
    RestoreFacts restore) {

  public BackupFacts with(RestoreFacts now) {
    return new BackupFacts(schedule, runs, before, now);
  }

  /** The run that ended last. */
  public Optional<JobRun> last(Task task) {
    return newest(run -> run.task() == task && run.finished());
  }

  /** When the newest successful, or failed, run ended. */
  public Optional<Instant> ended(Task task, boolean succeeded) {
    return newest(run -> run.task() == task && run.finished() && run.failed() != succeeded)
        .map(JobRun::at);
  }

  /** The pod in which a Job succeeded. */
  public Optional<JobRun> success(String job) {
    return newest(run -> run.job().equals(job) && run.finished() && !run.failed());
  }

  /**
   * The pod that filled the volume, once the Job of the restore is complete. Pods that somebody
   * else created with its labels can complete a Job too; those are not among {@link #runs}.
   */
  public Optional<JobRun> filled(String job) {
    return restore.jobDone() ? success(job) : Optional.empty();
  }

  /** The newest pod of a Job. */
  public Optional<JobRun> ofJob(String job) {
    return newest(run -> run.job().equals(job));
  }

  /** A run that cannot start, if no newer run did. */
  public Optional<JobRun> stuck(Task task, Instant now) {
    return newest(run -> run.task() == task).filter(run -> run.stuckAt(now));
  }

  private Optional<JobRun> newest(Predicate<JobRun> which) {
    return runs.stream()
        .filter(which)
        .max(Comparator.comparing(JobRun::at).thenComparing(JobRun::pod));
  }
}
