package io.mapwright.operator.plan;

import static io.mapwright.operator.plan.PlanRow.rendered;
import static io.mapwright.operator.plan.PlanRow.row;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.api.v1alpha1.Volume;
import io.mapwright.operator.api.v1alpha1.VolumeRepository;
import io.mapwright.operator.backup.Backups;
import io.mapwright.operator.backup.Drills;
import io.mapwright.operator.backup.JobFiles;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.exposure.Routes;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.network.NetworkPolicies;
import io.mapwright.operator.observability.Monitors;
import io.mapwright.operator.recovery.Manifest;
import io.mapwright.operator.tls.Certificates;
import io.mapwright.operator.workload.Account;
import io.mapwright.operator.workload.Claims;
import io.mapwright.operator.workload.Scaling;
import io.mapwright.operator.workload.Services;
import io.mapwright.operator.workload.Workload;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every object that an instance owns, in the order in which they are applied: what blocks traffic
 * comes before what could cause any. The Secret with the certificate belongs to cert-manager or the
 * user, keys and their Secrets to {@code ApiKey}s.
 */
public final class InstancePlan {
  /** Row of the Secret of the push channel. */
  public static final String CONTROL = "control";

  /** Row of the Secret with the keys that sign session cookies. */
  public static final String SESSIONS = "sessions";

  private static final List<PlanRow<?>> ROWS =
      List.of(
          row("deny-all", NetworkPolicy.class, NetworkPolicies::denyAll).whileDeleting(),
          row("server-policy", NetworkPolicy.class, NetworkPolicies::server).whileDeleting(),
          row("backup-policy", NetworkPolicy.class, NetworkPolicies::backup)
              .onlyIf(InstanceInput::usesRepository)
              .whileDeleting(),
          row("drill-policy", NetworkPolicy.class, NetworkPolicies::drill)
              .onlyIf(InstanceInput::runsDrills),
          row("drill-fetch-policy", NetworkPolicy.class, NetworkPolicies::drillFetch)
              .onlyIf(NetworkPolicies::drillFetches)
              .lenient(),
          row("account", ServiceAccount.class, Account::serviceAccount),
          row(CONTROL, Secret.class, Secrets::control).madeOnce(),
          row(SESSIONS, Secret.class, Secrets::sessions).madeOnce(),
          row("certificate", Certificate.class, Certificates::certificate)
              .onlyIf(InstanceInput::issuesCertificate)
              .needing(Capability.CERTIFICATE),
          rendered("gateway-config", ConfigMap.class, p -> p.gateway().configMap(p.in())),
          row("data", PersistentVolumeClaim.class, Claims::data)
              .onlyIf(InstancePlan::ownsVolume)
              .whileDeleting(),
          rendered(
                  "deployment",
                  Deployment.class,
                  p -> Workload.deployment(p.in(), p.gateway().hash()))
              .heldWhile(InstancePlan::lacksCertificate)
              .whileDeleting(),
          row("web", Service.class, Services::web),
          row("metrics", Service.class, Services::metrics),
          row("disruption-budget", PodDisruptionBudget.class, Scaling::disruptionBudget)
              .onlyIf(InstanceInput::severalReplicas)
              .lenient(),
          row("autoscaler", HorizontalPodAutoscaler.class, Scaling::autoscaler)
              .onlyIf(InstanceInput::autoscaled)
              .lenient(),
          row("ingress", Ingress.class, Routes::ingress)
              .onlyIf(in -> in.exposureType() == ExposureType.Ingress)
              .lenient(),
          route("http-route", 0),
          route("http-route-2", 1), // for hosts that do not fit into one route
          route("http-route-3", 2),
          row("backup-password", Secret.class, Secrets::backupPassword)
              .onlyIf(InstanceInput::generatesBackupPassword)
              .lenient()
              .madeOnce()
              .whileDeleting(),
          row("backup-repository", PersistentVolumeClaim.class, Claims::backupRepository)
              .onlyIf(InstancePlan::ownsRepository)
              .lenient()
              .whileDeleting(),
          row("backup-account", ServiceAccount.class, Account::backup)
              .onlyIf(InstanceInput::usesRepository)
              .lenient()
              .whileDeleting(),
          row("backup-files", ConfigMap.class, in -> JobFiles.configMap(in, Manifest.of(in)))
              .onlyIf(InstanceInput::usesRepository)
              .lenient()
              .whileDeleting(),
          row("backup", CronJob.class, Backups::cronJob).onlyIf(InstancePlan::backedUp).lenient(),
          row("backup-before-update", Job.class, Backups::beforeUpdate)
              .onlyIf(InstancePlan::backsUpFirst)
              .lenient(),
          row("check", CronJob.class, Backups::check)
              .onlyIf(InstanceInput::hasCheckSchedule)
              .lenient(),
          row("drill", CronJob.class, Drills::cronJob).onlyIf(InstanceInput::runsDrills).lenient(),
          row("restore", Job.class, Restores::job)
              .onlyIf(InstancePlan::restores)
              .heldWhile(InstancePlan::isFilled)
              .lenient(),
          row("final-backup", Job.class, Backups::onDeletion)
              .onlyIf(InstancePlan::makesFinalBackup)
              .lenient()
              .whileDeleting(),
          row("service-monitor", ServiceMonitor.class, Monitors::serviceMonitor)
              .onlyIf(InstanceInput::monitored)
              .needing(Capability.SERVICE_MONITOR));

  private InstancePlan() {}

  public static List<PlanRow<?>> rows() {
    return ROWS;
  }

  /**
   * The objects that one instance should own, in the order of application, rendered once per pass.
   */
  public static List<Planned<?>> of(InstanceFacts facts) {
    return of(facts.in(), row -> row.held().test(facts));
  }

  /** The same with nothing held back. */
  static List<Planned<?>> of(InstanceInput in) {
    return of(in, _ -> false);
  }

  private static List<Planned<?>> of(InstanceInput in, Predicate<PlanRow<?>> held) {
    var input = PlanInput.of(in);
    return ROWS.stream()
        .filter(row -> row.wanted(in))
        .<Planned<?>>map(row -> planned(row, input, held.test(row)))
        .toList();
  }

  private static <R extends HasMetadata> Planned<R> planned(
      PlanRow<R> row, PlanInput input, boolean held) {
    return new Planned<>(row, row.desired().apply(input), held);
  }

  /**
   * One row, and the object that this instance should own according to it.
   *
   * @param held whether it is not to be written in this pass
   */
  public record Planned<R extends HasMetadata>(PlanRow<R> row, R desired, boolean held) {}

  private static PlanRow<HTTPRoute> route(String id, int number) {
    return row(id, HTTPRoute.class, in -> Routes.httpRoute(in, number))
        .onlyIf(in -> Routes.needed(in, number))
        .needing(Capability.HTTP_ROUTE)
        .absenceIsAProblem();
  }

  /**
   * Without a certificate a new pod could only wait, and the kubelet backs off further with each
   * retry.
   */
  private static boolean lacksCertificate(InstanceFacts facts) {
    var unusable = facts.certificate().flatMap(pair -> pair.problem(facts.now())).isPresent();
    var missing = facts.deployment().isEmpty() && facts.certificate().isEmpty();
    return (unusable || missing) && !facts.in().stopped();
  }

  /** A Job that was deleted after it finished is not created again. */
  private static boolean isFilled(InstanceFacts facts) {
    return facts.in().restorePhase().filter(RestorePhase.Filling::equals).isEmpty();
  }

  private static boolean makesFinalBackup(InstanceInput in) {
    return in.finalBackup().isPresent()
        && in.deletion().filter(DeletionProgress::backsUp).isPresent();
  }

  private static boolean backedUp(InstanceInput in) {
    return in.backup().isPresent();
  }

  /** The Job stays until the new image is proven: by then its result has been stored. */
  private static boolean backsUpFirst(InstanceInput in) {
    var asked = in.updates().map(Updates::backupFirst).orElse(false);
    return in.backup().isPresent()
        && (in.imageDecision().backsUpFirst() || (asked && in.imageDecision().replacesProven()));
  }

  /** The Job stays as long as the spec asks for its restore, so it never runs twice. */
  private static boolean restores(InstanceInput in) {
    return in.restorePhase().filter(phase -> phase != RestorePhase.Stopping).isPresent();
  }

  private static boolean ownsVolume(InstanceInput in) {
    return in.volume().map(Volume::size).isPresent();
  }

  private static boolean ownsRepository(InstanceInput in) {
    return in.backup()
        .map(Backup::repository)
        .map(Repository::volume)
        .map(VolumeRepository::size)
        .isPresent();
  }
}
