package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.Audit;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.ControlPlane;
import io.mapwright.operator.api.v1alpha1.Database;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.DeletionPolicy;
import io.mapwright.operator.api.v1alpha1.Exposure;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.api.v1alpha1.FinalBackup;
import io.mapwright.operator.api.v1alpha1.Gateway;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.Monitoring;
import io.mapwright.operator.api.v1alpha1.Network;
import io.mapwright.operator.api.v1alpha1.Peer;
import io.mapwright.operator.api.v1alpha1.Postgres;
import io.mapwright.operator.api.v1alpha1.RateLimit;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import io.mapwright.operator.api.v1alpha1.Server;
import io.mapwright.operator.api.v1alpha1.Sessions;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.api.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that the plan of an instance is made from. Defaults are resolved here, once.
 *
 * @param uid unique id of the instance, for owner references
 * @param capabilities optional kinds that the cluster has now
 * @param running the server's image as it is to run now
 * @param restoring the restore as the API server has it, so that no step is taken before it is
 *     written down
 * @param fetching Jobs of drills whose pods still read the repository; nothing of the map server
 *     runs in them yet
 * @param ending how far the final backup has come, if the instance is being deleted and waits for
 *     it
 */
public record InstanceInput(
    String name,
    String namespace,
    String uid,
    MapwrightInstanceSpec spec,
    OperatorSettings operator,
    Set<Capability> capabilities,
    GeneratedSecrets generatedSecrets,
    ImageDecision running,
    Optional<RestoreStatus> restoring,
    Optional<DeletionProgress> ending,
    Set<String> fetching) {

  /** Where nearly all clusters have theirs: kube-dns or CoreDNS, and the cache on each node. */
  private static final List<Peer> CLUSTER_DNS =
      List.of(
          new Peer(
              null,
              Map.of("kubernetes.io/metadata.name", "kube-system"),
              Map.of("k8s-app", "kube-dns"),
              null),
          new Peer("169.254.20.10/32", null, null, null));

  private static final List<String> ANY_ADDRESS = List.of("0.0.0.0/0", "::/0");

  public static InstanceInput of(
      MapwrightInstance instance,
      OperatorSettings operator,
      Set<Capability> capabilities,
      GeneratedSecrets generatedSecrets) {
    var meta = instance.getMetadata();
    return new InstanceInput(
        meta.getName(),
        meta.getNamespace(),
        meta.getUid(),
        instance.getSpec(),
        operator,
        capabilities,
        generatedSecrets,
        ImageDecision.asAsked(instance.getSpec().server().image()),
        Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::restore),
        Optional.empty(),
        Set.of());
  }

  /** The same with another image to run. */
  public InstanceInput with(ImageDecision now) {
    return copy(generatedSecrets, now, ending, fetching);
  }

  /** The same with these drills at work on the repository. */
  public InstanceInput withFetching(Set<String> jobs) {
    return copy(generatedSecrets, running, ending, Set.copyOf(jobs));
  }

  /** The same while it ends. */
  public InstanceInput with(DeletionProgress now) {
    return copy(generatedSecrets, running, Optional.of(now), fetching);
  }

  /** The same with other content for the generated Secrets. */
  public InstanceInput with(GeneratedSecrets generated) {
    return copy(generated, running, ending, fetching);
  }

  private InstanceInput copy(
      GeneratedSecrets generated,
      ImageDecision image,
      Optional<DeletionProgress> progress,
      Set<String> jobs) {
    return new InstanceInput(
        name,
        namespace,
        uid,
        spec,
        operator,
        capabilities,
        generated,
        image,
        restoring,
        progress,
        jobs);
  }

  public Optional<Updates> updates() {
    return Optional.ofNullable(spec.updates());
  }

  /** The oldest that a line in the logs of the pods may get. */
  public Optional<Duration> logRetention() {
    return logRetention(spec);
  }

  /** The same, of a spec alone. */
  public static Optional<Duration> logRetention(MapwrightInstanceSpec spec) {
    return Optional.ofNullable(spec.audit()).map(Audit::retention).map(Durations::parse);
  }

  /** Paths that must answer before an image counts as proven. */
  public List<String> probePaths() {
    return updates().map(Updates::probePaths).orElse(List.of());
  }

  public Optional<Restore> restore() {
    return Optional.ofNullable(spec.restore());
  }

  /** Name of the Job of the restore that the spec asks for. */
  public Optional<String> restoreJob() {
    return restore().map(restore -> Names.restore(name(), restore.id()));
  }

  /** Phase of the restore that the spec asks for; empty if it is not written down yet. */
  public Optional<RestorePhase> restorePhase() {
    return restoring
        .filter(status -> restore().map(Restore::id).equals(Optional.ofNullable(status.id())))
        .map(RestoreStatus::phase);
  }

  /** Whether the map server must not run. */
  public boolean stopped() {
    return ending.isPresent() || dataIncomplete();
  }

  /** Whether no pod of the map server is to run, for whatever reason. */
  public boolean asksForNoPods() {
    return stopped() || (!autoscaled() && replicas() == 0);
  }

  /** Whether the data is being replaced, or a restore that failed may have left half of it. */
  public boolean dataIncomplete() {
    return restorePhase()
        .map(phase ->
            switch (phase) {
              case Stopping, Filling, Keys -> true;
              case Failed ->
                  restoring.map(RestoreStatus::incomplete).map(Boolean::booleanValue).orElse(false);
              case Starting, Done -> false;
            })
        .orElse(false);
  }

  /** Whether pods that work with a repository may be needed. */
  public boolean worksWithRepository() {
    return backup().isPresent() || restore().isPresent();
  }

  public Server server() {
    return spec.server();
  }

  public int replicas() {
    return Optional.ofNullable(server().replicas()).orElse(Defaults.REPLICAS);
  }

  public boolean autoscaled() {
    return server().autoscaling() != null;
  }

  /** Secrets for pulling the images of all pods of the instance. */
  public List<LocalObjectReference> imagePullSecrets() {
    return Optional.ofNullable(server().imagePullSecrets()).orElse(List.of()).stream()
        .map(ref -> new LocalObjectReference(ref.name()))
        .toList();
  }

  /** Whether more than one pod may run, so that evictions and volumes need care. */
  public boolean severalReplicas() {
    return autoscaled() || replicas() > 1;
  }

  /** Whether the data's volume lets no other pod run beside the one that there is. */
  public boolean volumeIsExclusive() {
    return volume().filter(v -> !Boolean.TRUE.equals(v.readWriteMany())).isPresent();
  }

  public int serverPort() {
    return Optional.ofNullable(server().port()).orElse(Defaults.SERVER_PORT);
  }

  public String healthPath() {
    return Optional.ofNullable(server().healthPath()).orElse(Defaults.HEALTH_PATH);
  }

  public Duration startup() {
    return Duration.ofSeconds(
        Optional.ofNullable(server().startupSeconds()).orElse(Defaults.STARTUP_SECONDS));
  }

  public long runAsUser() {
    return Optional.ofNullable(server().runAsUser()).orElse(Defaults.RUN_AS_USER);
  }

  public Optional<Volume> volume() {
    return Optional.ofNullable(server().volume());
  }

  /** Name of the claim that holds the data, whether the operator made it or not. */
  public Optional<String> dataClaim() {
    return volume().map(v -> Optional.ofNullable(v.existingClaim()).orElse(Names.data(name)));
  }

  public String dataPath() {
    return volume().map(Volume::mountPath).orElse(Defaults.DATA_PATH);
  }

  public Optional<Gateway> gateway() {
    return Optional.ofNullable(spec.gateway());
  }

  public String gatewayImage() {
    return gateway().map(Gateway::image).orElse(operator.gatewayImage());
  }

  /** Image of restic. */
  public String backupImage() {
    return backup().map(Backup::image).orElse(operator.backupImage());
  }

  /** How long a gateway that hears nothing goes on accepting keys; zero forever. */
  public Duration tableMaxAge() {
    return gateway()
        .map(Gateway::tableMaxAge)
        .or(() -> Optional.of(Defaults.TABLE_MAX_AGE))
        .map(age -> age.equals("0") ? Duration.ZERO : Durations.parse(age))
        .orElseThrow();
  }

  public Optional<Access> access() {
    return Optional.ofNullable(spec.access());
  }

  public RateLimit defaultRateLimit() {
    return Admission.defaultLimit(access());
  }

  public Duration sessionRotation() {
    return Durations.parse(
        Optional.ofNullable(spec.sessions())
            .map(Sessions::rotateEvery)
            .orElse(Defaults.SESSION_ROTATION));
  }

  public Duration sessionMaxAge() {
    return Durations.parse(
        Optional.ofNullable(spec.sessions())
            .map(Sessions::maxAge)
            .orElse(Defaults.SESSION_MAX_AGE));
  }

  public ExposureType exposureType() {
    return Optional.ofNullable(spec.exposure()).map(Exposure::type).orElse(ExposureType.ClusterIP);
  }

  public Optional<Exposure> exposure() {
    return Optional.ofNullable(spec.exposure());
  }

  /** Secret with the certificate that the gateway serves. */
  public String tlsSecret() {
    return Optional.ofNullable(spec.tls().secretName()).orElse(Names.tls(name));
  }

  public boolean issuesCertificate() {
    return spec.tls().issuerRef() != null;
  }

  /** Public hosts and control-plane hosts, which the certificate must all cover. */
  public List<String> allHosts() {
    var control = spec.controlPlane();
    return control == null
        ? List.copyOf(spec.hosts())
        : java.util.stream.Stream.concat(spec.hosts().stream(), control.hosts().stream()).toList();
  }

  /**
   * Addresses that the console answers. Without a word on them it takes a client certificate: a
   * Host header alone, which anybody can send, opens nothing.
   */
  public List<String> consoleCidrs() {
    var control = Optional.ofNullable(spec.controlPlane());
    return control
        .map(ControlPlane::allowedCidrs)
        .orElseGet(() -> control.map(ControlPlane::clientCa).isPresent() ? ANY_ADDRESS : List.of());
  }

  public List<Peer> ingressFrom() {
    return Optional.ofNullable(spec.network()).map(Network::ingressFrom).orElse(List.of());
  }

  /**
   * Resolvers that pods may ask. Port 53 of any address would be a way out for anyone who runs a
   * resolver of their own.
   */
  public List<Peer> dns() {
    return Optional.ofNullable(spec.network()).map(Network::dns).orElse(CLUSTER_DNS);
  }

  public List<Peer> egressTo() {
    return Optional.ofNullable(spec.network()).map(Network::egressTo).orElse(List.of());
  }

  public List<Peer> scrapeFrom() {
    return Optional.ofNullable(spec.monitoring()).map(Monitoring::scrapeFrom).orElse(List.of());
  }

  public boolean monitored() {
    return spec.monitoring() != null && spec.monitoring().serviceMonitor() != null;
  }

  public Optional<Backup> backup() {
    return Optional.ofNullable(spec.backup());
  }

  public boolean makesBackupPassword() {
    return backup().map(b -> b.passwordSecretRef() == null).orElse(false);
  }

  /** Secret key that holds the repository's password, no matter who made it. */
  public SecretKeyRef backupPassword() {
    return backup()
        .map(Backup::passwordSecretRef)
        .orElse(new SecretKeyRef(Names.backupPassword(name), "password"));
  }

  /** The database that is dumped, if one is to be and it is known where it is. */
  public Optional<Postgres> postgres() {
    return backup().map(Backup::postgres).filter(_ -> databaseUrl().isPresent());
  }

  /** Secret key with the connection URL that dumps and restores use. */
  public Optional<SecretKeyRef> databaseUrl() {
    return backup()
        .map(Backup::postgres)
        .map(Postgres::urlSecretRef)
        .or(() -> Optional.ofNullable(server().database()).map(Database::urlSecretRef));
  }

  public boolean drills() {
    return backup().map(Backup::drill).isPresent();
  }

  public boolean checksOnItsOwn() {
    return backup().map(Backup::checkSchedule).isPresent();
  }

  public Optional<FinalBackup> finalBackup() {
    return backup().map(Backup::onDeletion);
  }

  public Duration finalBackupTimeout() {
    return Durations.parse(
        finalBackup().map(FinalBackup::timeout).orElse(Defaults.FINAL_BACKUP_TIMEOUT));
  }

  /**
   * Whether the data volume goes with the instance. Where a final backup is asked for, not before
   * it is made: even if nobody waits for it in the end, the data is not lost.
   */
  public boolean deletesData() {
    return spec.deletionPolicy() == DeletionPolicy.Delete
        && (finalBackup().isEmpty() || ending.filter(DeletionProgress::saved).isPresent());
  }
}
