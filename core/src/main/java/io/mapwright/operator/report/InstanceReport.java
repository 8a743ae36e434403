package io.mapwright.operator.report;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.mapwright.operator.api.v1alpha1.EffectiveSettings;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.cause.Cause;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.Images;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.model.ServedCertificate;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.update.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what was observed, never more. Pure. */
public final class InstanceReport {
  /** cert-manager renews at a third of the life; later than this something is stuck. */
  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

  /** By a digest, as the OCI image specification writes it; a tag may be moved. */
  private static final Pattern PINNED =
      Pattern.compile(".+@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})");

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
        ConditionType.Applied,
        Reason.ObjectsApplied,
        "every object that the spec asks for is there");
    tls();
    server();
    keys();
    var backups = new BackupReport(facts, conditions).tell();
    var restore = new RestoreLifecycle(facts).next();
    restore.ifPresent(this::restore);
    new TransportReport(facts.in(), backups, conditions).tell();
    new ConsoleReport(facts.in(), conditions).tell();
    monitoring();
    images();
    new UpdateReport(facts.in(), facts.diagnosis().cause(), conditions).tell();
    finalBackup();
    var logsSince = new LogReport(facts, conditions).tell();
    summary();
    var in = facts.in();
    var deployment = facts.deployment().map(d -> d.getStatus());
    return new MapwrightInstanceStatus(
        generation,
        deployment.map(DeploymentStatus::getReplicas).orElse(0),
        deployment.map(DeploymentStatus::getReadyReplicas).orElse(0),
        selector(in),
        "https://" + in.spec().hosts().getFirst(),
        facts.certificate().flatMap(ServedCertificate::notAfter).map(Object::toString).orElse(null),
        effective(in),
        in.running().update().orElse(null),
        backups.orElse(null),
        restore.orElse(null),
        logsSince.orElse(null),
        null,
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
            Reason.CrdMissing,
            Capability.CERTIFICATE.absence() + "; install cert-manager or set tls.secretName");
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
          "the certificate in Secret "
              + in.tlsSecret()
              + " is not for "
              + String.join(", ", uncovered)
              + ", which hosts and controlPlane.hosts ask for; "
              + (in.issuesCertificate()
                  ? "cert-manager should issue another: see kubectl describe certificate -n "
                      + in.namespace()
                      + " "
                      + in.tlsSecret()
                  : "put one for all of these names into the Secret that tls.secretName names"));
    } else if (end.isPresent()
        && end.get().isBefore(facts.now().plus(CERTIFICATE_WARNING))
        && !in.issuesCertificate()) {
      conditions.isFalse(
          ConditionType.TlsReady,
          Reason.CertificateExpiring,
          "the certificate ends at " + end.get() + "; renew it");
    } else {
      conditions.isTrue(
          ConditionType.TlsReady, Reason.CertificateValid, "the certificate covers all hosts");
    }
  }

  private void finalBackup() {
    facts
        .in()
        .ending()
        .ifPresent(ending ->
            conditions.unknown(
                ConditionType.FinalBackupMade, Reason.FinalBackup, ending.message()));
  }

  private void restore(RestoreStatus status) {
    if (facts.in().restore().isEmpty()) {
      return;
    }
    switch (status.phase()) {
      case Done ->
          conditions.isTrue(
              ConditionType.Restored,
              Reason.RestoreCompleted,
              "restore " + status.id() + " is done: " + status.message());
      case Failed ->
          conditions.isFalse(
              ConditionType.Restored,
              Reason.RestoreFailed,
              "restore " + status.id() + ": " + status.message() + ". " + wayOn(status));
      case null, default ->
          conditions.unknown(
              ConditionType.Restored,
              Reason.Restoring,
              "restore " + status.id() + ": " + status.phase());
    }
  }

  private static String wayOn(RestoreStatus status) {
    if (!Boolean.TRUE.equals(status.incomplete()) && status.snapshot() != null) {
      return "The data is that of the snapshot and is served; a key that was not made again is refused: make it by its digest, or mend the cause and set another restore.id, which replaces the data once more";
    }
    return Boolean.TRUE.equals(status.incomplete())
        ? "The data may be incomplete, so the map server stays stopped: mend the cause and set another restore.id, or remove spec.restore to start with the data as it is"
        : "The data was not touched: mend the cause and set another restore.id";
  }

  private void server() {
    var in = facts.in();
    if (in.ending().isPresent()) {
      conditions.isFalse(
          ConditionType.ServerAvailable,
          Reason.FinalBackup,
          "the instance is being deleted, and the map server is stopped for the final backup; the instance goes when it is made, at the latest at "
              + in.ending().get().deadline());
      return;
    }
    if (in.stopped()) {
      conditions.isFalse(
          ConditionType.ServerAvailable,
          Reason.Restoring,
          "the map server is stopped for restore "
              + in.restore().map(Restore::id).orElse("")
              + "; see the condition Restored");
      return;
    }
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
    var updated = facts.deployment().filter(Rollout::updated).isPresent();
    if (ready >= wanted && ready > 0 && updated) {
      conditions.isTrue(
          ConditionType.ServerAvailable,
          Reason.AllPodsReady,
          ready + " of " + wanted + " pods serve");
    } else {
      var serving = ready + " of " + wanted + " pods serve";
      var cause = facts.diagnosis().cause();
      conditions.isFalse(
          ConditionType.ServerAvailable,
          cause.map(Cause::reason).orElse(Reason.PodsNotReady),
          serving
              + cause
                  .map(found -> ": " + found.message())
                  .orElse("; see kubectl get pods -l " + selector(in)));
    }
  }

  /**
   * A gateway that is reached and ready takes over each change within milliseconds, or turns out to
   * be out of reach; a key says for itself where it is enforced.
   */
  private void keys() {
    var replicas = facts.replicas().values();
    if (!facts.replicasKnown() && conditions.wasSaid(ConditionType.KeysInSync)) {
      conditions.keep(ConditionType.KeysInSync);
      return;
    }
    if (replicas.isEmpty()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.PodsNotReady, "no gateway runs");
      return;
    }
    var behind =
        replicas.stream().filter(r -> !r.connected() || !r.ready() || r.generation() == 0).toList();
    var forsaken = new UnreachableReplicas(replicas, facts.in().tableMaxAge());
    var told = forsaken.told(facts.now());
    if (told.isPresent()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.TableStale, told.get());
    } else if (behind.isEmpty()) {
      conditions.isTrue(
          ConditionType.KeysInSync,
          Reason.AllReplicasEnforce,
          "all " + replicas.size() + " gateways enforce the present keys and policies");
    } else {
      conditions.isFalse(
          ConditionType.KeysInSync,
          Reason.TableNotEnforced,
          behind.stream().map(ReplicaState::podName).sorted().collect(Collectors.joining(", "))
              + " can not be reached or lags behind");
    }
  }

  private void monitoring() {
    if (!facts.in().monitored()) {
      return;
    }
    if (facts.in().capabilities().contains(Capability.SERVICE_MONITOR)) {
      conditions.isTrue(
          ConditionType.MonitoringReady,
          Reason.ServiceMonitorApplied,
          "the ServiceMonitor is there");
    } else {
      conditions.isFalse(
          ConditionType.MonitoringReady, Reason.CrdMissing, Capability.SERVICE_MONITOR.absence());
    }
  }

  private void images() {
    var loose =
        Images.of(facts.in()).entrySet().stream()
            .filter(image -> !pinned(image.getValue()))
            .map(image -> image.getKey() + " (" + image.getValue() + ")")
            .toList();
    if (loose.isEmpty()) {
      conditions.isTrue(
          ConditionType.ImagesPinned, Reason.PinnedByDigest, "every image is named by its digest");
    } else {
      conditions.isFalse(
          ConditionType.ImagesPinned,
          Reason.ImageNotPinned,
          String.join(", ", loose)
              + ": no digest, so that each start may bring another image; name it as repository:tag@sha256:…"
              + " (what runs now is in status.effective)");
    }
  }

  public static boolean pinned(String image) {
    return PINNED.matcher(image).matches();
  }

  /** kstatus: Ready is always there; Reconciling and Stalled only while they are true. */
  private void summary() {
    var fatal = problems.stream().filter(InstanceReport::blocks).findFirst();
    if (Boolean.TRUE.equals(facts.in().spec().paused())) {
      conditions.unknown(
          ConditionType.Ready,
          Reason.Paused,
          "spec.paused is true: nothing but the keys is kept up to date");
      // Whoever waits for the instance must be told that only its owner can help.
      conditions.abnormal(
          ConditionType.Stalled, Reason.Paused, "spec.paused is true; set it to false to go on");
    } else if (fatal.isPresent()) {
      conditions.isFalse(ConditionType.Ready, fatal.get().reason(), fatal.get().message());
      conditions.abnormal(ConditionType.Stalled, fatal.get().reason(), fatal.get().message());
    } else if (!conditions.holds(ConditionType.TlsReady) && facts.deployment().isEmpty()) {
      notReady(ConditionType.TlsReady);
    } else if (facts.in().stopped()) {
      notReady(ConditionType.ServerAvailable);
    } else if (!facts.in().autoscaled() && facts.in().replicas() == 0) {
      conditions.isTrue(ConditionType.Ready, Reason.ScaledToZero, "scaled to zero, as asked");
    } else if (!conditions.holds(ConditionType.ServerAvailable)) {
      notReady(ConditionType.ServerAvailable);
    } else if (!conditions.holds(ConditionType.KeysInSync)) {
      notReady(ConditionType.KeysInSync);
    } else {
      conditions.isTrue(ConditionType.Ready, Reason.Serving, "serving");
      stalledUpdate();
    }
  }

  /** It serves, and will not come to what the spec asks for without somebody's help. */
  private void stalledUpdate() {
    Conditions.find(conditions.list(), ConditionType.Updated)
        .filter(updated ->
            Set.of(Reason.UpdateRolledBack.name(), Reason.UpdateFailed.name())
                .contains(updated.getReason()))
        .ifPresent(updated ->
            conditions.abnormal(
                ConditionType.Stalled, Reason.valueOf(updated.getReason()), updated.getMessage()));
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

  private void orTrue(ConditionType type, Reason reason, String message) {
    if (!conditions.has(type)) {
      conditions.isTrue(type, reason, message);
    }
  }

  private static String selector(InstanceInput in) {
    return Labels.pods(in.name(), Component.SERVER).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static @Nullable List<String> orNull(List<String> list) {
    return list.isEmpty() ? null : list;
  }

  private static EffectiveSettings effective(InstanceInput in) {
    var limit = in.defaultRateLimit();
    return new EffectiveSettings(
        in.gatewayImage(),
        in.running().image(),
        orNull(in.running().images().gateway()),
        orNull(in.running().images().server()),
        limit.requestsPerSecond(),
        Admission.burst(limit),
        in.exposureType().name());
  }
}
