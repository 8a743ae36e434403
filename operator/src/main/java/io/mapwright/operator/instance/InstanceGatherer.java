package io.mapwright.operator.instance;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.backup.RepositoryAccess;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.Gathered;
import io.mapwright.operator.facts.JobOrigin;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.facts.ServerPods;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.plan.Secrets;
import io.mapwright.operator.push.GatewayFleet;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a pass over an instance needs. Decides and changes nothing. */
final class InstanceGatherer {
  private final OwnedSources sources;
  private final Capabilities capabilities;
  private final OperatorSettings operator;
  private final GatewayFleet fleet;
  private final InstanceSecrets secrets;
  private final NamespaceConflictFinder conflicts;
  private final ImageProof proof;
  private final CauseFinder causes;
  private final Clock clock;

  InstanceGatherer(
      OwnedSources sources,
      Capabilities capabilities,
      OperatorSettings operator,
      GatewayFleet fleet,
      InstanceSecrets secrets,
      NamespaceConflictFinder conflicts,
      ImageProof proof,
      CauseFinder causes,
      Clock clock) {
    this.sources = sources;
    this.capabilities = capabilities;
    this.operator = operator;
    this.fleet = fleet;
    this.secrets = secrets;
    this.conflicts = conflicts;
    this.proof = proof;
    this.causes = causes;
    this.clock = clock;
  }

  Gathered gather(MapwrightInstance instance) {
    var id = NamespacedName.of(instance);
    var deployment = findLive(Deployment.class, id, Names.server(id.name()));
    // After the Deployment: the pods of a rollout that it reports as finished are among these.
    var pods = sources.of(Pod.class).getSecondaryResources(instance);
    var in =
        InstanceInput.of(instance, operator, capabilities.present(), stored(instance))
            .withFetchingDrills(fetchingDrills(pods));
    var server = server(instance, pods);
    var tls = secrets.read(id, in.tlsSecret(), certificate(in)).filter(InstanceGatherer::filled);
    secrets.retain(id, named(in));
    return new Gathered(
        instance,
        in,
        conflicts.find(instance, in),
        tls.map(InstanceGatherer::pair),
        tls.map(InstanceGatherer::pem),
        deployment,
        server,
        backups(instance, in, pods, server),
        finalBackup(in),
        proof.last(id),
        causes.last(id),
        fleet.states(id),
        fleet.known(id),
        clock.instant());
  }

  /** The Job of the final backup, as last seen. */
  Optional<Job> finalBackup(InstanceInput in) {
    return findLive(
        Job.class,
        new NamespacedName(in.namespace(), in.name()),
        Names.finalBackup(in.name(), in.uid()));
  }

  private <R extends HasMetadata> Optional<R> findLive(
      Class<R> kind, NamespacedName instance, String name) {
    return sources
        .find(kind, instance.namespace(), name)
        .filter(object -> object.getMetadata().getDeletionTimestamp() == null);
  }

  private static ServerPods server(MapwrightInstance instance, Collection<Pod> pods) {
    var selector = Labels.pods(instance.getMetadata().getName(), Component.SERVER).entrySet();
    return new ServerPods(
        pods.stream()
            .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector))
            .toList());
  }

  private static Set<String> fetchingDrills(Collection<Pod> pods) {
    return pods.stream()
        .flatMap(pod -> JobRun.fetchingDrill(pod).stream())
        .collect(Collectors.toSet());
  }

  private BackupFacts backups(
      MapwrightInstance instance, InstanceInput in, Collection<Pod> pods, ServerPods server) {
    var origin =
        new JobOrigin(
            in,
            job -> sources.find(Job.class, in.namespace(), job),
            schedule -> sources.find(CronJob.class, in.namespace(), schedule));
    return new BackupFacts(
        findLive(CronJob.class, NamespacedName.of(instance), Names.backup(in.name())),
        pods.stream().filter(origin::made).flatMap(pod -> run(pod, in).stream()).toList(),
        Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::backup),
        new RestoreFacts(
            server.all().isEmpty(),
            in.restoreJob().flatMap(job -> sources.find(Job.class, in.namespace(), job))));
  }

  /** A restore may read another repository; other jobs that used another one do not count. */
  private static Optional<JobRun> run(Pod pod, InstanceInput in) {
    return JobRun.of(pod)
        .filter(run ->
            run.task() == Task.RESTORE
                || (in.backup().isPresent() && RepositoryAccess.of(in).isOf(in, pod.getSpec())));
  }

  /** Each Secret is read once: an update may only replace exactly that version. */
  private GeneratedSecrets stored(MapwrightInstance instance) {
    var id = NamespacedName.of(instance);
    var name = id.name();
    var control = own(id, Names.control(name));
    var sessions = own(id, Names.sessions(name));
    var password =
        instance.getSpec().backup() != null
            ? own(id, Names.backupPassword(name))
            : Optional.<Secret>empty();
    return new GeneratedSecrets(
        content(control),
        content(sessions),
        content(password).get("password"),
        versions(Stream.of(control, sessions, password)));
  }

  private Optional<Secret> own(NamespacedName instance, String secret) {
    return secrets.read(instance, secret).filter(one -> Labels.owns(instance.name(), one));
  }

  private static Map<String, String> content(Optional<Secret> secret) {
    return secret.map(Secrets::decode).orElse(Map.of());
  }

  private static Map<String, String> versions(Stream<Optional<Secret>> read) {
    return read.flatMap(Optional::stream)
        .map(Secret::getMetadata)
        .collect(Collectors.toMap(ObjectMeta::getName, ObjectMeta::getResourceVersion));
  }

  /** Secrets whose changes matter to an instance. */
  private static Set<String> named(InstanceInput in) {
    return Set.of(
        Names.control(in.name()),
        Names.sessions(in.name()),
        Names.backupPassword(in.name()),
        in.tlsSecret());
  }

  /** Version of the Certificate: its hosts may have changed, or it was renewed. */
  private String certificate(InstanceInput in) {
    return sources
        .find(Certificate.class, in.namespace(), Names.tls(in.name()))
        .map(found -> found.getMetadata().getResourceVersion())
        .orElse("");
  }

  private static boolean filled(Secret secret) {
    var data = secret.getData();
    return data != null && data.containsKey("tls.crt") && data.containsKey("tls.key");
  }

  private static CertificatePair pair(Secret secret) {
    var data = Secrets.decode(secret);
    return CertificatePair.of(data.getOrDefault("tls.crt", ""), data.getOrDefault("tls.key", ""));
  }

  private static String pem(Secret secret) {
    var data = Secrets.decode(secret);
    return data.getOrDefault("tls.crt", "").stripTrailing()
        + "\n"
        + data.getOrDefault("tls.key", "");
  }
}
