package io.mapwright.operator.report;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.mapwright.operator.api.v1alpha1.EffectiveSettings;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.ServedCertificate;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the status of an instance from what was observed. Pure. */
public final class InstanceReport {
  private final InstanceFacts facts;
  private final List<Problem> problems;
  private final Conditions conditions;

  public InstanceReport(InstanceFacts facts, List<Problem> problems, Conditions conditions) {
    this.facts = facts;
    this.problems = problems;
    this.conditions = conditions;
  }

  public MapwrightInstanceStatus status(long generation) {
    problems.forEach(conditions::problem);
    orTrue(ConditionType.Accepted, Reason.SpecValid, "the spec is consistent");
    orTrue(
        ConditionType.Applied, Reason.ObjectsApplied, "every object that the spec asks for exists");
    new TlsReport(facts, conditions).report();
    new ServerReport(facts, conditions).report();
    new EnforcementReport(facts, conditions).report();
    new ReleaseReport(facts, conditions).report();
    new LendingReport(facts, conditions).report();
    var backups = new BackupReport(facts, conditions).report();
    var restore = new RestoreLifecycle(facts).next();
    restore.ifPresent(new RestoreReport(facts.in(), conditions)::report);
    new TransportReport(facts.in(), backups, conditions).report();
    new ConsoleReport(facts.in(), conditions).report();
    monitoring();
    new ImagesReport(facts.in(), conditions).report();
    new UpdateReport(facts.in(), facts.diagnosis().cause(), conditions).report();
    finalBackup();
    var logsSince = new LogReport(facts, conditions).report();
    summary();
    var in = facts.in();
    var deployment = facts.deployment().map(d -> d.getStatus());
    return new MapwrightInstanceStatus(
        generation,
        deployment.map(DeploymentStatus::getReplicas).orElse(0),
        deployment.map(DeploymentStatus::getReadyReplicas).orElse(0),
        ServerReport.selector(in),
        "https://" + in.spec().hosts().getFirst(),
        facts.certificate().flatMap(ServedCertificate::notAfter).map(Object::toString).orElse(null),
        effective(in),
        in.imageDecision().update().orElse(null),
        backups.orElse(null),
        restore.orElse(null),
        logsSince.orElse(null),
        null,
        conditions.list());
  }

  /** kstatus: Ready is always there; Reconciling and Stalled only while they are true. */
  private void summary() {
    var fatal = problems.stream().filter(InstanceReport::blocks).findFirst();
    if (Boolean.TRUE.equals(facts.in().spec().paused())) {
      conditions.unknown(
          ConditionType.Ready,
          Reason.Paused,
          "spec.paused is true: only the keys are kept up to date");
      // Tools that wait for the instance must see that only its owner can unblock it.
      conditions.abnormal(
          ConditionType.Stalled, Reason.Paused, "spec.paused is true; set it to false to continue");
    } else if (fatal.isPresent()) {
      conditions.isFalse(ConditionType.Ready, fatal.get().reason(), fatal.get().message());
      conditions.abnormal(ConditionType.Stalled, fatal.get().reason(), fatal.get().message());
    } else if (!conditions.holds(ConditionType.TlsReady) && facts.deployment().isEmpty()) {
      notReady(ConditionType.TlsReady);
    } else if (facts.in().stopped()) {
      notReady(ConditionType.ServerAvailable);
    } else if (!facts.in().autoscaled() && facts.in().replicas() == 0) {
      conditions.isTrue(ConditionType.Ready, Reason.ScaledToZero, "scaled to zero, as requested");
    } else if (!conditions.holds(ConditionType.ServerAvailable)) {
      notReady(ConditionType.ServerAvailable);
    } else if (!conditions.holds(ConditionType.KeysInSync)) {
      notReady(ConditionType.KeysInSync);
    } else {
      conditions.isTrue(ConditionType.Ready, Reason.Serving, "serving");
      stalledUpdate();
    }
  }

  /** The instance serves, but does not reach what its spec asks for without intervention. */
  private void stalledUpdate() {
    Conditions.find(conditions.list(), ConditionType.Updated)
        .filter(updated ->
            Set.of(Reason.UpdateRolledBack.name(), Reason.UpdateFailed.name())
                .contains(updated.getReason()))
        .ifPresent(updated ->
            conditions.abnormal(
                ConditionType.Stalled, Reason.valueOf(updated.getReason()), updated.getMessage()));
  }

  /** A missing or forbidden optional part is reported in its own condition and stalls nothing. */
  private static boolean blocks(Problem problem) {
    return problem.type() != ConditionType.MonitoringReady
        && problem.type() != ConditionType.BackupHealthy;
  }

  private void notReady(ConditionType because) {
    var cause = Conditions.find(conditions.list(), because).orElseThrow();
    var reason = Reason.valueOf(cause.getReason());
    conditions.isFalse(ConditionType.Ready, reason, cause.getMessage());
    conditions.abnormal(ConditionType.Reconciling, reason, cause.getMessage());
  }

  private void orTrue(ConditionType type, Reason reason, String message) {
    if (!conditions.has(type)) {
      conditions.isTrue(type, reason, message);
    }
  }

  private void monitoring() {
    if (!facts.in().monitored()) {
      return;
    }
    if (facts.in().capabilities().contains(Capability.SERVICE_MONITOR)) {
      conditions.isTrue(
          ConditionType.MonitoringReady, Reason.ServiceMonitorApplied, "the ServiceMonitor exists");
    } else {
      conditions.isFalse(
          ConditionType.MonitoringReady, Reason.CrdMissing, Capability.SERVICE_MONITOR.absence());
    }
  }

  private void finalBackup() {
    facts
        .in()
        .deletion()
        .ifPresent(deletion ->
            conditions.unknown(
                ConditionType.FinalBackupMade, Reason.FinalBackup, deletion.message()));
  }

  private static @Nullable List<String> orNull(List<String> list) {
    return list.isEmpty() ? null : list;
  }

  private static EffectiveSettings effective(InstanceInput in) {
    var limit = in.defaultRateLimit();
    return new EffectiveSettings(
        in.gatewayImage(),
        in.imageDecision().image(),
        orNull(in.imageDecision().images().gateway()),
        orNull(in.imageDecision().images().server()),
        limit.requestsPerSecond(),
        Admission.burst(limit),
        in.exposureType().name());
  }
}
