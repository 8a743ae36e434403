package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.EffectiveSettings;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.backup.Backups;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.push.CertificatePair;
import io.mapwright.operator.push.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what was observed, never more. Pure. */
final class InstanceReport {
  /** cert-manager renews at a third of the life; later than this something is stuck. */
  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

  private final InstanceFacts facts;
  private final List<Problem> problems;
  private final Conditions conditions;

  InstanceReport(InstanceFacts facts, List<Problem> problems, Conditions conditions) {
    this.facts = facts;
    this.problems = problems;
    this.conditions = conditions;
  }

  MapwrightInstanceStatus status(long generation) {
    problems.forEach(conditions::problem);
    orTrue(ConditionType.Accepted, "the spec is consistent");
    orTrue(ConditionType.Applied, "every object that the spec asks for is there");
    tls();
    server();
    keys();
    backup();
    monitoring();
    images();
    summary();
    var in = facts.in();
    var deployment = facts.deployment().map(d -> d.getStatus());
    return new MapwrightInstanceStatus(
        generation,
        deployment.map(DeploymentStatus::getReplicas).orElse(0),
        deployment.map(DeploymentStatus::getReadyReplicas).orElse(0),
        selector(in),
        "https://" + in.spec().hosts().getFirst(),
        facts.certificate().flatMap(CertificatePair::notAfter).map(Object::toString).orElse(null),
        effective(in),
        backupStatus(),
        conditions.list());
  }

  private void tls() {
    if (conditions.has(ConditionType.TlsReady)) {
      return;
    }
    var in = facts.in();
    var pair = facts.certificate();
    if (pair.isEmpty()) {
      if (in.issuesCertificate() && !in.capabilities().contains(Capability.CERTIFICATE)) {
        conditions.isFalse(
            ConditionType.TlsReady,
            Reason.KindAbsent,
            absent(Capability.CERTIFICATE) + "; install cert-manager or set tls.secretName");
      } else {
        conditions.isFalse(
            ConditionType.TlsReady,
            Reason.CertificatePending,
            in.issuesCertificate()
                ? "waiting for cert-manager to fill Secret "
                    + in.tlsSecret()
                    + "; see kubectl describe certificate "
                    + in.tlsSecret()
                : "Secret "
                    + in.tlsSecret()
                    + " does not exist; make it, of type kubernetes.io/tls");
      }
      return;
    }
    var uncovered = in.allHosts().stream().filter(host -> !pair.get().covers(host)).toList();
    var end = pair.get().notAfter();
    if (!uncovered.isEmpty()) {
      conditions.isFalse(
          ConditionType.TlsReady,
          Reason.CertificateInvalid,
          "the certificate does not cover " + String.join(", ", uncovered));
    } else if (end.isPresent()
        && end.get().isBefore(facts.now().plus(CERTIFICATE_WARNING))
        && !in.issuesCertificate()) {
      conditions.isFalse(
          ConditionType.TlsReady,
          Reason.CertificateExpiring,
          "the certificate ends at " + end.get() + "; renew it");
    } else {
      conditions.isTrue(ConditionType.TlsReady, "the certificate covers all hosts");
    }
  }

  private void server() {
    var in = facts.in();
    if (!in.autoscaled() && in.replicas() == 0) {
      conditions.isFalse(
          ConditionType.ServerAvailable, Reason.ScaledToZero, "server.replicas is 0");
      return;
    }
    var wanted = facts.deployment().map(d -> d.getSpec().getReplicas()).orElse(in.replicas());
    var ready =
        facts
            .deployment()
            .map(d -> d.getStatus())
            .map(DeploymentStatus::getReadyReplicas)
            .orElse(0);
    var rolledOut = facts.deployment().map(InstanceReport::rolledOut).orElse(false);
    if (ready >= wanted && ready > 0 && rolledOut) {
      conditions.isTrue(ConditionType.ServerAvailable, ready + " of " + wanted + " pods serve");
    } else {
      conditions.isFalse(
          ConditionType.ServerAvailable,
          Reason.PodsNotReady,
          ready + " of " + wanted + " pods serve; see kubectl get pods -l " + selector(in));
    }
  }

  /** Old pods that still serve are not what the spec asks for now. */
  private static boolean rolledOut(Deployment deployment) {
    var status = deployment.getStatus();
    var wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    return status != null
        && Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
            >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)
        && Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) >= wanted;
  }

  private void keys() {
    var replicas = facts.replicas().values();
    if (replicas.isEmpty()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.PodsNotReady, "no gateway runs");
      return;
    }
    var behind =
        replicas.stream()
            .filter(r -> !r.connected() || r.generation() < facts.tableGeneration())
            .toList();
    if (behind.isEmpty()) {
      conditions.isTrue(
          ConditionType.KeysInSync,
          "all " + replicas.size() + " gateways enforce the present keys and policies");
    } else {
      conditions.isFalse(
          ConditionType.KeysInSync,
          Reason.TableNotEnforced,
          behind.stream().map(ReplicaState::podName).sorted().collect(Collectors.joining(", "))
              + " can not be reached or lags behind");
    }
  }

  private void backup() {
    if (facts.in().backup().isEmpty()) {
      conditions.unknown(
          ConditionType.BackupHealthy,
          Reason.NotConfigured,
          "spec.backup is not set: nothing is backed up");
      return;
    }
    var status = facts.backup().map(job -> job.getStatus());
    var success = status.map(CronJobStatus::getLastSuccessfulTime);
    if (Boolean.TRUE.equals(facts.in().backup().get().suspend())) {
      conditions.isFalse(
          ConditionType.BackupHealthy, Reason.BackupSuspended, "backup.suspend is true");
    } else if (problems.stream().anyMatch(p -> p.reason() == Reason.InvalidSchedule)) {
      conditions.isFalse(
          ConditionType.BackupHealthy,
          Reason.InvalidSchedule,
          "the schedule can not be read; backups go on by the last good one");
    } else if (success.isEmpty()) {
      conditions.unknown(
          ConditionType.BackupHealthy,
          Reason.NeverBackedUp,
          "no backup has succeeded yet" + passwordReminder());
    } else if (BackupAge.tooOld(facts.in().backup().get(), success.get(), facts.now())) {
      conditions.isFalse(
          ConditionType.BackupHealthy,
          Reason.BackupTooOld,
          "the newest backup is of "
              + success.get()
              + ", which is older than two runs of the schedule; see kubectl get jobs");
    } else {
      conditions.isTrue(ConditionType.BackupHealthy, "backups succeed");
    }
  }

  private String passwordReminder() {
    return facts.in().makesBackupPassword()
        ? "; keep a copy of Secret "
            + Names.backupPassword(facts.in().name())
            + " outside the cluster: without it no backup can be read"
        : "";
  }

  private void monitoring() {
    if (!facts.in().monitored()) {
      return;
    }
    if (facts.in().capabilities().contains(Capability.SERVICE_MONITOR)) {
      conditions.isTrue(ConditionType.MonitoringReady, "the ServiceMonitor is there");
    } else {
      conditions.isFalse(
          ConditionType.MonitoringReady, Reason.KindAbsent, absent(Capability.SERVICE_MONITOR));
    }
  }

  private void images() {
    var loose =
        Map.of(
                "server.image",
                facts.in().server().image(),
                "gateway.image",
                facts.in().gatewayImage())
            .entrySet()
            .stream()
            .filter(image -> !pinned(image.getValue()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (loose.isEmpty()) {
      conditions.isTrue(ConditionType.ImagesPinned, "images have a tag or digest");
    } else {
      conditions.isFalse(
          ConditionType.ImagesPinned,
          Reason.ImageNotPinned,
          String.join(" and ", loose)
              + " has neither tag nor digest: each start may bring another version; add one");
    }
  }

  static boolean pinned(String image) {
    var path = image.substring(image.lastIndexOf('/') + 1);
    return path.contains("@") || (path.contains(":") && !path.endsWith(":latest"));
  }

  /** kstatus: Ready is always there; Reconciling and Stalled only while they are true. */
  private void summary() {
    var fatal = problems.stream().filter(InstanceReport::blocks).findFirst();
    if (Boolean.TRUE.equals(facts.in().spec().paused())) {
      conditions.unknown(
          ConditionType.Ready,
          Reason.Paused,
          "spec.paused is true: nothing but the keys is kept up to date");
    } else if (fatal.isPresent()) {
      conditions.isFalse(ConditionType.Ready, fatal.get().reason(), fatal.get().message());
      conditions.abnormal(ConditionType.Stalled, fatal.get().reason(), fatal.get().message());
    } else if (!conditions.holds(ConditionType.TlsReady) && facts.deployment().isEmpty()) {
      notReady(ConditionType.TlsReady);
    } else if (!facts.in().autoscaled() && facts.in().replicas() == 0) {
      conditions.isTrue(ConditionType.Ready, "scaled to zero, as asked");
    } else if (!conditions.holds(ConditionType.ServerAvailable)) {
      notReady(ConditionType.ServerAvailable);
    } else if (!conditions.holds(ConditionType.KeysInSync)) {
      notReady(ConditionType.KeysInSync);
    } else {
      conditions.isTrue(ConditionType.Ready, "serving");
    }
  }

  /** A missing or forbidden extra is told in its own condition and stalls nothing. */
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

  private void orTrue(ConditionType type, String message) {
    if (!conditions.has(type)) {
      conditions.isTrue(type, message);
    }
  }

  static String absent(Capability capability) {
    return capability.kind()
        + " ("
        + capability.apiVersion()
        + ") is not installed: "
        + capability.cost();
  }

  private static String selector(InstanceInput in) {
    return Labels.pods(in.name(), Component.SERVER).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static EffectiveSettings effective(InstanceInput in) {
    var limit = in.defaultRateLimit();
    return new EffectiveSettings(
        in.gatewayImage(),
        in.server().image(),
        limit.requestsPerSecond(),
        Objects.requireNonNullElseGet(
            limit.burst(), () -> Math.max(100, 10 * limit.requestsPerSecond())),
        in.exposureType().name());
  }

  private @Nullable BackupStatus backupStatus() {
    if (facts.in().backup().isEmpty()) {
      return null;
    }
    var status = facts.backup().map(job -> job.getStatus());
    return new BackupStatus(
        status.map(CronJobStatus::getLastSuccessfulTime).orElse(null),
        status.map(CronJobStatus::getLastScheduleTime).orElse(null),
        Backups.repository(facts.in()));
  }
}
