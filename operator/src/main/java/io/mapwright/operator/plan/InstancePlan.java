package io.mapwright.operator.plan;

import static io.mapwright.operator.plan.PlanRow.part;

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
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.network.NetworkPolicies;
import io.mapwright.operator.observability.Monitors;
import io.mapwright.operator.recovery.Manifest;
import io.mapwright.operator.tls.Certificates;
import io.mapwright.operator.workload.Account;
import io.mapwright.operator.workload.Claims;
import io.mapwright.operator.workload.GatewayConfig;
import io.mapwright.operator.workload.Scaling;
import io.mapwright.operator.workload.Services;
import io.mapwright.operator.workload.Workload;
import java.util.List;
import java.util.Set;

/**
 * Every object that an instance owns, in the order in which they are applied: what cuts traffic
 * comes before what could cause any. The Secret with the certificate is cert-manager's or the
 * user's; keys and their Secrets belong to {@code ApiKey}s.
 */
public final class InstancePlan {
  public static final String DEPLOYMENT = "deployment";
  public static final String RESTORE = "restore";
  public static final String FINAL_BACKUP = "final-backup";

  private static final List<PlanRow<?>> PARTS =
      List.of(
          part("deny-all", NetworkPolicy.class, NetworkPolicies::denyAll),
          part("server-policy", NetworkPolicy.class, NetworkPolicies::server),
          part("backup-policy", NetworkPolicy.class, NetworkPolicies::backup)
              .onlyIf(InstanceInput::worksWithRepository),
          part("drill-policy", NetworkPolicy.class, NetworkPolicies::drill)
              .onlyIf(InstanceInput::drills),
          part("drill-fetch-policy", NetworkPolicy.class, NetworkPolicies::drillFetch)
              .onlyIf(NetworkPolicies::drillFetches)
              .lenient(),
          part("account", ServiceAccount.class, Account::serviceAccount),
          part("control", Secret.class, Secrets::control).madeOnce(),
          part("sessions", Secret.class, Secrets::sessions).madeOnce(),
          part("certificate", Certificate.class, Certificates::certificate)
              .onlyIf(InstanceInput::issuesCertificate)
              .needing(Capability.CERTIFICATE),
          part("gateway-config", ConfigMap.class, GatewayConfig::configMap),
          part("data", PersistentVolumeClaim.class, Claims::data).onlyIf(InstancePlan::ownsVolume),
          part(DEPLOYMENT, Deployment.class, Workload::deployment),
          part("web", Service.class, Services::web),
          part("metrics", Service.class, Services::metrics),
          part("disruption-budget", PodDisruptionBudget.class, Scaling::disruptionBudget)
              .onlyIf(InstanceInput::severalReplicas)
              .lenient(),
          part("autoscaler", HorizontalPodAutoscaler.class, Scaling::autoscaler)
              .onlyIf(InstanceInput::autoscaled)
              .lenient(),
          part("ingress", Ingress.class, Routes::ingress)
              .onlyIf(in -> in.exposureType() == ExposureType.Ingress)
              .lenient(),
          route("http-route", 0),
          route("http-route-2", 1), // for hosts that one route has no room for
          route("http-route-3", 2),
          part("backup-password", Secret.class, Secrets::backupPassword)
              .onlyIf(InstanceInput::makesBackupPassword)
              .lenient()
              .madeOnce(),
          part("backup-repository", PersistentVolumeClaim.class, Claims::backupRepository)
              .onlyIf(InstancePlan::ownsRepository)
              .lenient(),
          part("backup-account", ServiceAccount.class, Account::backup)
              .onlyIf(InstanceInput::worksWithRepository)
              .lenient(),
          part("backup-files", ConfigMap.class, in -> JobFiles.configMap(in, Manifest.of(in)))
              .onlyIf(InstanceInput::worksWithRepository)
              .lenient(),
          part("backup", CronJob.class, Backups::cronJob).onlyIf(InstancePlan::backedUp).lenient(),
          part("backup-before-update", Job.class, Backups::beforeUpdate)
              .onlyIf(InstancePlan::backsUpFirst)
              .lenient(),
          part("check", CronJob.class, Backups::check)
              .onlyIf(InstanceInput::checksOnItsOwn)
              .lenient(),
          part("drill", CronJob.class, Drills::cronJob).onlyIf(InstanceInput::drills).lenient(),
          part(RESTORE, Job.class, Restores::job).onlyIf(InstancePlan::restores).lenient(),
          part(FINAL_BACKUP, Job.class, Backups::onDeletion)
              .onlyIf(in ->
                  in.finalBackup().isPresent()
                      && in.ending().filter(DeletionProgress::backsUp).isPresent())
              .lenient(),
          part("service-monitor", ServiceMonitor.class, Monitors::serviceMonitor)
              .onlyIf(InstanceInput::monitored)
              .needing(Capability.SERVICE_MONITOR));

  /** What a final backup needs, the server that it stops, and the data. */
  private static final Set<String> WHILE_ENDING =
      Set.of(
          "deny-all",
          "server-policy",
          "backup-policy",
          "data",
          DEPLOYMENT,
          "backup-password",
          "backup-repository",
          "backup-account",
          "backup-files",
          FINAL_BACKUP);

  private InstancePlan() {}

  public static List<PlanRow<?>> parts() {
    return PARTS;
  }

  /** What one instance is to own, in the order of application, made once for a pass. */
  public static List<Planned<?>> of(InstanceInput in) {
    return PARTS.stream()
        .filter(part -> in.ending().isEmpty() || WHILE_ENDING.contains(part.id()))
        .filter(part -> part.wanted(in))
        .<Planned<?>>map(part -> planned(part, in))
        .toList();
  }

  private static <R extends HasMetadata> Planned<R> planned(PlanRow<R> part, InstanceInput in) {
    return new Planned<>(part, part.desired().apply(in));
  }

  /** One row, and the object that this instance is to own by it. */
  public record Planned<R extends HasMetadata>(PlanRow<R> part, R desired) {}

  private static PlanRow<HTTPRoute> route(String id, int number) {
    return part(id, HTTPRoute.class, in -> Routes.httpRoute(in, number))
        .onlyIf(in -> Routes.needed(in, number))
        .needing(Capability.HTTP_ROUTE);
  }

  private static boolean backedUp(InstanceInput in) {
    return in.backup().isPresent();
  }

  /**
   * The Job stays until the new image is proven: what its pod tells is surely written down then.
   */
  private static boolean backsUpFirst(InstanceInput in) {
    var asked = in.updates().map(Updates::backupFirst).orElse(false);
    return in.backup().isPresent()
        && (in.running().backsUpFirst() || (asked && in.running().replacesProven()));
  }

  /** The Job stays as long as the spec asks for its restore: there is never a second one. */
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
