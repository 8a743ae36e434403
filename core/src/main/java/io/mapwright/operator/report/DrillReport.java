package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Drill;
import io.mapwright.operator.api.v1alpha1.DrillStatus;
import io.mapwright.operator.api.v1alpha1.SnapshotStatus;
import io.mapwright.operator.backup.FailureHints;
import io.mapwright.operator.check.Schedule;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports what drills proved. A drill that did not run, or could not, is a failure. Pure. */
public final class DrillReport {
  private final InstanceFacts facts;
  private final boolean unreadable;
  private final Conditions conditions;

  public DrillReport(InstanceFacts facts, boolean unreadable, Conditions conditions) {
    this.facts = facts;
    this.unreadable = unreadable;
    this.conditions = conditions;
  }

  /**
   * Sets the condition; returns the status, if drills are asked for.
   *
   * @param since when there was something to prove for the first time
   */
  public Optional<DrillStatus> report(Optional<DrillStatus> before, String since) {
    var drill = facts.in().backup().map(Backup::drill);
    if (drill.isEmpty()) {
      conditions.unknown(
          ConditionType.RestoreProven,
          Reason.NotConfigured,
          "backup.drill is not set: whether the backups can be restored is unknown");
      return Optional.empty();
    }
    var status = status(drill.get(), before, since);
    condition(status);
    return Optional.of(status);
  }

  private DrillStatus status(Drill drill, Optional<DrillStatus> before, String since) {
    return facts
        .backups()
        .last(Task.DRILL)
        .filter(run -> !run.failed())
        .map(run -> proven(drill, run))
        .or(() -> before)
        .orElseGet(
            () -> new DrillStatus(null, overdueAfter(drill, since), null, null, null, null, null));
  }

  private DrillStatus proven(Drill drill, JobRun run) {
    var report = run.report().orElseThrow();
    return new DrillStatus(
        run.at().toString(),
        overdueAfter(drill, run.at().toString()),
        report.newest().orElse(null),
        report.number("seconds", 0).orElse(null),
        report
            .time("snapshotTime")
            .map(t -> Duration.between(Instant.parse(t), run.at()).toSeconds())
            .orElse(null),
        report.number("checks", 0).map(Long::intValue).orElse(null),
        report.number("rows", 0).orElse(null));
  }

  private @Nullable String overdueAfter(Drill drill, String start) {
    return Optional.of(start)
        .filter(_ -> !unreadable)
        .map(Instant::parse)
        .flatMap(from ->
            Schedule.twoRunsAfter(
                drill.schedule(), facts.in().backup().map(Backup::timeZone).orElse(null), from))
        .map(Instant::toString)
        .orElse(null);
  }

  private void condition(DrillStatus status) {
    var stuck = facts.backups().stuck(Task.DRILL, facts.now());
    var last = facts.backups().last(Task.DRILL);
    if (stuck.isPresent()) {
      isFalse(
          Reason.DrillFailed,
          "pod " + stuck.get().pod() + " cannot start: " + stuck.get().why(facts.in()));
    } else if (last.filter(JobRun::failed).isPresent()) {
      isFalse(
          Reason.DrillFailed,
          FailureHints.describe(last.get().report().orElseThrow())
              + " (pod "
              + last.get().pod()
              + ")");
    } else if (status.lastProvenTime() == null) {
      isFalse(
          Reason.RestoreUnverified,
          "no drill has proven a restore yet; the next one runs on backup.drill.schedule, or start one now: "
              + run());
    } else if (status.overdueAfter() != null
        && facts.now().isAfter(Instant.parse(status.overdueAfter()))) {
      isFalse(
          Reason.DrillTooOld,
          "a restore was last proven at "
              + status.lastProvenTime()
              + ", which is older than two runs of the drill's schedule; see kubectl get jobs");
    } else {
      conditions.isTrue(
          ConditionType.RestoreProven,
          Reason.RestoreVerified,
          "the snapshot of "
              + Optional.ofNullable(status.snapshot()).map(SnapshotStatus::time).orElse("?")
              + " was restored and served"
              + (Integer.valueOf(0).equals(status.checks())
                  ? "; only the health path could be requested: set backup.drill.paths"
                  : ""));
    }
  }

  /** The command that starts a run outside the schedule. */
  private String run() {
    var drill = Names.drill(facts.in().name());
    return "kubectl create job -n %1$s --from=cronjob/%2$s %2$s-now"
        .formatted(facts.in().namespace(), drill);
  }

  private void isFalse(Reason reason, String message) {
    conditions.isFalse(ConditionType.RestoreProven, reason, message);
  }
}
