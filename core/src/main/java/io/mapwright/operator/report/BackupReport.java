package io.mapwright.operator.report;

import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.RunStatus;
import io.mapwright.operator.backup.FailureHints;
import io.mapwright.operator.backup.JobReport;
import io.mapwright.operator.backup.RepositoryAccess;
import io.mapwright.operator.check.InstanceRules;
import io.mapwright.operator.check.Schedule;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports the state of the backups, from the repository, the pods and the schedule. Pure. */
public final class BackupReport {
  private final InstanceFacts facts;
  private final BackupFacts backups;
  private final Conditions conditions;
  private final boolean unreadable;

  public BackupReport(InstanceFacts facts, Conditions conditions) {
    this.facts = facts;
    this.backups = facts.backups();
    // Checked separately: an earlier problem of the spec would hide it.
    this.unreadable = InstanceRules.scheduleParses(facts).isPresent();
    this.conditions = conditions;
  }

  /** Sets the condition; returns the status, if backups are asked for. */
  public Optional<BackupStatus> report() {
    var backup = facts.in().backup();
    if (backup.isEmpty()) {
      conditions.unknown(
          ConditionType.BackupHealthy,
          Reason.NotConfigured,
          "spec.backup is not set: nothing is backed up");
      return Optional.empty();
    }
    var status = status(backup.get());
    if (!conditions.has(ConditionType.BackupHealthy)) {
      condition(backup.get(), status);
    }
    return Optional.of(status);
  }

  private BackupStatus status(Backup backup) {
    var url = RepositoryAccess.of(facts.in()).url();
    // Nothing is known yet about another repository.
    var before = backups.before().filter(known -> url.equals(known.repository()));
    var newest = newestRun(before.map(BackupStatus::lastRun));
    var succeeded = newest.flatMap(JobRun::report).filter(JobReport::succeeded);
    var since =
        before
            .map(BackupStatus::repositorySince)
            .orElseGet(() -> facts.now().truncatedTo(ChronoUnit.SECONDS).toString());
    var success = lastSuccess(before);
    var checked = latest("checked", before.map(BackupStatus::lastCheckTime));
    var checks = Objects.requireNonNullElse(backup.checkSchedule(), backup.schedule());
    var drill =
        new DrillReport(facts, unreadable, conditions)
            .report(before.map(BackupStatus::drill), since);
    return new BackupStatus(
        success.orElse(null),
        backups
            .schedule()
            .map(job -> job.getStatus())
            .map(CronJobStatus::getLastScheduleTime)
            .orElse(null),
        twoRunsAfter(backup, backup.schedule(), success.orElse(since)),
        url,
        since,
        facts.in().backupPassword().name(),
        succeeded
            .flatMap(JobReport::newest)
            .or(() -> before.map(BackupStatus::newest))
            .orElse(null),
        succeeded
            .flatMap(r -> r.number("snapshots", 0))
            .map(Long::intValue)
            .or(() -> before.map(BackupStatus::snapshots))
            .orElse(null),
        succeeded
            .flatMap(r -> r.number("repositoryBytes", 0))
            .or(() -> before.map(BackupStatus::repositoryBytes))
            .orElse(null),
        checked.orElse(null),
        twoRunsAfter(backup, checks, checked.orElse(since)),
        latest("pruned", before.map(BackupStatus::lastPruneTime)).orElse(null),
        succeeded
            .flatMap(r -> r.text("databaseTls"))
            .map("t"::equals)
            .or(() -> before.map(BackupStatus::databaseTls))
            .filter(_ -> facts.in().postgres().isPresent())
            .orElse(null),
        newest.map(BackupReport::ended).or(() -> before.map(BackupStatus::lastRun)).orElse(null),
        drill.orElse(null));
  }

  /** Not from the status of the CronJob: that run may have used another repository. */
  private Optional<String> lastSuccess(Optional<BackupStatus> before) {
    return Stream.of(
            before.map(BackupStatus::lastSuccessfulTime),
            backups.last(Task.BACKUP).filter(run -> !run.failed()).map(run -> run.at().toString()))
        .flatMap(Optional::stream)
        .max(Comparator.comparing(Instant::parse));
  }

  private @Nullable String twoRunsAfter(Backup backup, String schedule, String start) {
    return unreadable
        ? null
        : Schedule.twoRunsAfter(schedule, backup.timeZone(), Instant.parse(start))
            .map(Instant::toString)
            .orElse(null);
  }

  private Optional<String> latest(String fact, Optional<String> before) {
    return Stream.concat(
            before.stream(),
            backups.runs().stream()
                .flatMap(run -> run.report().stream())
                .flatMap(report -> report.time(fact).stream()))
        .max(Comparator.comparing(Instant::parse));
  }

  /**
   * The run that ended last; empty if its pod is gone, even if the pod of an earlier run is left.
   */
  private Optional<JobRun> newestRun(Optional<RunStatus> known) {
    var end = known.map(RunStatus::finishedAt).map(Instant::parse);
    return Stream.of(Task.BACKUP, Task.CHECK)
        .flatMap(task -> backups.last(task).stream())
        .max(Comparator.comparing(JobRun::at))
        .filter(run -> end.filter(run.at()::isBefore).isEmpty());
  }

  private static RunStatus ended(JobRun run) {
    var report = run.report().orElseThrow();
    return new RunStatus(run.pod(), run.at().toString(), report.stage(), report.exitCode());
  }

  /** A failure stays reported after the pod that could explain it is gone. */
  private static Optional<RunStatus> failedAndGone(BackupStatus status) {
    return Optional.ofNullable(status.lastRun())
        .filter(run -> Objects.requireNonNullElse(run.exitCode(), 0) != 0);
  }

  private void condition(Backup backup, BackupStatus status) {
    var stuck = first(task -> backups.stuck(task, facts.now()));
    var failed =
        first(task ->
            backups.last(task).filter(JobRun::failed).filter(run -> !fixed(task, run, status)));
    var gone = failedAndGone(status);
    if (Boolean.TRUE.equals(backup.suspend())) {
      isFalse(Reason.BackupSuspended, "backup.suspend is true");
    } else if (unreadable) {
      isFalse(
          Reason.InvalidSchedule,
          "the schedule cannot be parsed; backups continue with the last valid one");
    } else if (stuck.isPresent()) {
      isFalse(
          Reason.BackupCannotStart,
          "pod " + stuck.get().pod() + " cannot start: " + stuck.get().why(facts.in()));
    } else if (failed.isPresent()) {
      var report = failed.get().report().orElseThrow();
      isFalse(
          report.stage().equals("check") ? Reason.CheckFailed : Reason.BackupFailed,
          FailureHints.describe(report) + " (pod " + failed.get().pod() + ")");
    } else if (gone.isPresent()) {
      var run = gone.get();
      isFalse(
          "check".equals(run.stage()) ? Reason.CheckFailed : Reason.BackupFailed,
          "stage "
              + run.stage()
              + " failed with exit code "
              + run.exitCode()
              + " at "
              + run.finishedAt()
              + "; its pod "
              + run.pod()
              + " is gone");
    } else if (overdue(status.overdueAfter())) {
      isFalse(
          Reason.BackupTooOld,
          status.lastSuccessfulTime() == null
              ? "no backup to this repository is known to have succeeded, and two scheduled runs have passed; see kubectl get jobs"
              : "the newest backup is from "
                  + status.lastSuccessfulTime()
                  + ", which is older than two runs of the schedule; see kubectl get jobs");
    } else if (status.lastSuccessfulTime() == null) {
      conditions.unknown(
          ConditionType.BackupHealthy,
          Reason.NeverBackedUp,
          "no backup to this repository has succeeded since "
              + status.repositorySince()
              + "; its contents are known after the next run"
              + passwordReminder());
    } else if (overdue(status.checkOverdueAfter())) {
      // A stale lock, or a check that never runs, makes no run fail.
      isFalse(
          Reason.CheckTooOld,
          "the repository was last found intact at "
              + Optional.ofNullable(status.lastCheckTime()).orElse("no time")
              + ", which is older than two runs of the schedule; see kubectl get jobs");
    } else {
      conditions.isTrue(
          ConditionType.BackupHealthy,
          Reason.BackupsSucceed,
          "backups succeed" + passwordReminder());
    }
  }

  private static boolean fixed(Task task, JobRun run, BackupStatus status) {
    var success = task == Task.BACKUP ? status.lastSuccessfulTime() : status.lastCheckTime();
    return success != null && run.at().isBefore(Instant.parse(success));
  }

  private static <T> Optional<T> first(Function<Task, Optional<T>> of) {
    return of.apply(Task.BACKUP).or(() -> of.apply(Task.CHECK));
  }

  private boolean overdue(@Nullable String after) {
    return after != null && facts.now().isAfter(Instant.parse(after));
  }

  private void isFalse(Reason reason, String message) {
    conditions.isFalse(ConditionType.BackupHealthy, reason, message);
  }

  private String passwordReminder() {
    return facts.in().generatesBackupPassword()
        ? "; keep a copy of Secret "
            + Names.backupPassword(facts.in().name())
            + " outside the cluster: without it no backup can be read"
        : "";
  }
}
