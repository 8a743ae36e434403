package io.mapwright.operator.instance;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.backup.RepositoryAccess;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.cause.Evidence;
import io.mapwright.operator.cause.Explanation;
import io.mapwright.operator.check.RestoreConsent;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.Diagnosis;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobOrigin;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.NamespaceConflicts.KeysReturn;
import io.mapwright.operator.facts.NamespaceConflicts.SecretRead;
import io.mapwright.operator.facts.PodAge;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.OldestClaimants;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.ImageDecision;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.model.OwnSecrets;
import io.mapwright.operator.model.RunningImages;
import io.mapwright.operator.model.SecretUse;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.plan.FinalBackupDecision;
import io.mapwright.operator.plan.LostGateways;
import io.mapwright.operator.plan.Secrets;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.ReplicaEndpoint;
import io.mapwright.operator.update.ImageUpdate;
import io.mapwright.operator.update.LogRetention;
import io.mapwright.operator.update.Rollout;
import io.mapwright.operator.update.RunningContainer;
import io.mapwright.operator.update.UpdateFacts;
import io.mapwright.operator.workload.Workload;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads all that a pass needs; the only step before apply that touches the cluster. */
final class InstanceGatherer {
  private static final List<String> ENDED = List.of("Succeeded", "Failed");

  /** Phases before the end of which the keys are made. */
  private static final Set<RestorePhase> MAKES_KEYS =
      Set.of(RestorePhase.Stopping, RestorePhase.Filling, RestorePhase.Keys);

  private final OwnedSources sources;
  private final Capabilities capabilities;
  private final OperatorSettings operator;
  private final GatewayFleet fleet;
  private final SecretGenerator generator;
  private final InstanceSecrets secrets;
  private final OldestClaimants<MapwrightInstance> hosts;
  private final ImageProof proof;
  private final CauseFinder causes;
  private final SecretNames secretNames;
  private final KeySources keys;
  private final Clock clock;

  InstanceGatherer(
      OwnedSources sources,
      Capabilities capabilities,
      OperatorSettings operator,
      GatewayFleet fleet,
      SecretGenerator generator,
      InstanceSecrets secrets,
      OldestClaimants<MapwrightInstance> hosts,
      ImageProof proof,
      CauseFinder causes,
      SecretNames secretNames,
      KeySources keys,
      Clock clock) {
    this.sources = sources;
    this.capabilities = capabilities;
    this.operator = operator;
    this.fleet = fleet;
    this.generator = generator;
    this.secrets = secrets;
    this.hosts = hosts;
    this.proof = proof;
    this.causes = causes;
    this.secretNames = secretNames;
    this.keys = keys;
    this.clock = clock;
  }

  InstanceFacts gather(MapwrightInstance instance) {
    var asked =
        InstanceInput.of(instance, operator, capabilities.present(), generatedSecrets(instance))
            .withFetching(fetching(instance));
    var deployment =
        sources
            .find(Deployment.class, asked.namespace(), Names.server(asked.name()))
            .filter(InstanceGatherer::lives);
    // After the Deployment: a rollout that it calls finished has its pods among these.
    var pods = pods(instance);
    var backups = backups(instance, asked, pods);
    var input =
        ending(instance, asked, backups)
            .map(asked::with)
            .orElseGet(() -> asked.with(running(instance, asked, deployment, backups, pods)));
    var id = ResourceID.fromResource(instance);
    var tls =
        secrets.read(id, input.tlsSecret(), certificate(input)).filter(InstanceGatherer::filled);
    secrets.retain(id, named(input));
    return new InstanceFacts(
        input,
        neighbours(instance, input),
        tls.map(InstanceGatherer::pair),
        tls.map(InstanceGatherer::pem),
        deployment,
        diagnosis(id, input, deployment, pods),
        backups,
        PodAge.oldest(pods),
        fleet.states(pushKey(instance)),
        fleet.known(pushKey(instance)),
        clock.instant());
  }

  private Diagnosis diagnosis(
      ResourceID id, InstanceInput in, Optional<Deployment> deployment, List<Pod> pods) {
    if (in.stopped()) {
      causes.forget(id);
      return Diagnosis.NONE;
    }
    return causes.of(id, new Evidence(in, deployment, pods, clock.instant()));
  }

  private Optional<DeletionProgress> ending(
      MapwrightInstance instance, InstanceInput in, BackupFacts backups) {
    return FinalBackupDecision.begun(instance) && FinalBackupDecision.asked(instance)
        ? Optional.of(farewell(instance, in, backups).ending())
        : Optional.empty();
  }

  FinalBackupDecision farewell(MapwrightInstance instance, InstanceInput in, BackupFacts backups) {
    return new FinalBackupDecision(instance, in, backups, finalBackup(in), clock.instant());
  }

  /** The Job of the final backup, as last seen. */
  Optional<Job> finalBackup(InstanceInput in) {
    return sources
        .find(Job.class, in.namespace(), Names.finalBackup(in.name(), in.uid()))
        .filter(InstanceGatherer::lives);
  }

  private ImageDecision running(
      MapwrightInstance instance,
      InstanceInput in,
      Optional<Deployment> deployment,
      BackupFacts backups,
      List<Pod> pods) {
    var wanted = in.server().image();
    var before = Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::update);
    var rollout =
        Rollout.of(wanted, Workload.SERVER_CONTAINER, deployment, pods, new Explanation(in));
    var unproven = unproven(instance, in, before, rollout, pods);
    var decision =
        ImageUpdate.decide(
            new UpdateFacts(
                wanted,
                in.updates(),
                before,
                rollout,
                unproven,
                backups.ended(Task.BACKUP, true),
                backups.ended(Task.BACKUP, false),
                in.asksForNoPods(),
                clock.instant()));
    var logs =
        in.logRetention()
            .map(age -> new LogRetention(age, in.updates().map(Updates::window)))
            .map(retention -> retention.decide(deployment, clock.instant()));
    return new ImageDecision(
        decision.image(),
        Optional.of(decision.status()),
        decision.lookAgain(),
        logs,
        new RunningImages(
            RunningContainer.digests(Workload.SERVER_CONTAINER, pods),
            RunningContainer.digests(Workload.GATEWAY_CONTAINER, pods)));
  }

  private Optional<String> unproven(
      MapwrightInstance instance,
      InstanceInput in,
      Optional<UpdateStatus> before,
      Rollout rollout,
      List<Pod> pods) {
    var id = ResourceID.fromResource(instance);
    var wanted = in.server().image();
    if (!ImageUpdate.awaitsProof(wanted, before, rollout)) {
      proof.forget(id);
      return Optional.empty();
    }
    return LostGateways.lost(living(pods), fleet.states(pushKey(instance)))
        .filter(_ -> !in.probePaths().isEmpty())
        .or(() ->
            proof.failure(id, new ImageProof.Question(wanted, addresses(pods), in.probePaths())));
  }

  /** Pods of the server, those that are on their way out among them. */
  private List<Pod> pods(MapwrightInstance instance) {
    var selector = Labels.pods(instance.getMetadata().getName(), Component.SERVER);
    return sources.of(Pod.class).getSecondaryResources(instance).stream()
        .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .toList();
  }

  private static List<Pod> living(List<Pod> pods) {
    return pods.stream().filter(InstanceGatherer::lives).toList();
  }

  private static List<String> addresses(List<Pod> pods) {
    return living(pods).stream()
        .flatMap(pod -> Optional.ofNullable(pod.getStatus()).map(PodStatus::getPodIP).stream())
        .sorted()
        .toList();
  }

  private Set<String> fetching(MapwrightInstance instance) {
    return sources.of(Pod.class).getSecondaryResources(instance).stream()
        .flatMap(pod -> JobRun.fetching(pod).stream())
        .collect(Collectors.toSet());
  }

  private BackupFacts backups(
      MapwrightInstance instance, InstanceInput input, List<Pod> serverPods) {
    var pods = sources.of(Pod.class).getSecondaryResources(instance);
    var origin =
        new JobOrigin(
            input,
            job -> sources.find(Job.class, input.namespace(), job),
            schedule -> sources.find(CronJob.class, input.namespace(), schedule));
    return new BackupFacts(
        sources
            .find(CronJob.class, input.namespace(), Names.backup(input.name()))
            .filter(InstanceGatherer::lives),
        pods.stream().filter(origin::made).flatMap(pod -> run(pod, input).stream()).toList(),
        Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::backup),
        new RestoreFacts(
            serverPods.isEmpty(),
            input.restoreJob().flatMap(job -> sources.find(Job.class, input.namespace(), job))));
  }

  /** A restore may read another's repository; what else was done with another one says nothing. */
  private static Optional<JobRun> run(Pod pod, InstanceInput in) {
    return JobRun.of(pod)
        .filter(run ->
            run.task() == Task.RESTORE
                || (in.backup().isPresent() && RepositoryAccess.of(in).isOf(in, pod.getSpec())));
  }

  static String pushKey(MapwrightInstance instance) {
    return instance.getMetadata().getNamespace() + "/" + instance.getMetadata().getName();
  }

  /**
   * Returns the gateways that can be pushed to: their container runs. One that drains is among
   * them, for its open connections must not outlive a revocation.
   */
  Set<ReplicaEndpoint> replicas(MapwrightInstance instance) {
    return pods(instance).stream()
        .filter(
            pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null && started(pod))
        .map(pod ->
            new ReplicaEndpoint(
                pod.getMetadata().getUid(),
                pod.getMetadata().getName(),
                pod.getStatus().getPodIP(),
                GatewayPorts.DEFAULTS.control()))
        .collect(Collectors.toSet());
  }

  /** Replicas that serve, will serve or still serve: each has its share of every limit. */
  int sharing(MapwrightInstance instance) {
    return (int)
        pods(instance).stream()
            .filter(pod -> pod.getStatus() == null || !ENDED.contains(pod.getStatus().getPhase()))
            .count();
  }

  private static boolean started(Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .anyMatch(status ->
            Boolean.TRUE.equals(status.getStarted())
                && status.getState() != null
                && status.getState().getRunning() != null);
  }

  private static boolean lives(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() == null;
  }

  private GeneratedSecrets generatedSecrets(MapwrightInstance instance) {
    var id = ResourceID.fromResource(instance);
    var name = instance.getMetadata().getName();
    var rotation =
        InstanceInput.of(
                instance, operator, Set.of(), new GeneratedSecrets(Map.of(), Map.of(), null))
            .sessionRotation();
    // Each is read once: what is made of its content may only replace that very version of it.
    var control = secrets.read(id, Names.control(name)).filter(one -> Labels.owns(name, one));
    var sessions = secrets.read(id, Names.sessions(name)).filter(one -> Labels.owns(name, one));
    var password =
        instance.getSpec().backup() != null
            ? secrets.read(id, Names.backupPassword(name)).filter(one -> Labels.owns(name, one))
            : Optional.<Secret>empty();
    return generator
        .complete(
            instance,
            content(control),
            content(sessions),
            Optional.ofNullable(content(password).get("password")),
            rotation)
        .withVersions(versions(Stream.of(control, sessions, password)));
  }

  private static Map<String, String> versions(Stream<Optional<Secret>> read) {
    return read.flatMap(Optional::stream)
        .map(Secret::getMetadata)
        .collect(Collectors.toMap(ObjectMeta::getName, ObjectMeta::getResourceVersion));
  }

  /** What a Secret that the operator made holds now; nothing if it does not exist. */
  Map<String, String> stored(MapwrightInstance instance, String secret) {
    var name = instance.getMetadata().getName();
    return content(
        secrets
            .read(ResourceID.fromResource(instance), secret)
            .filter(one -> Labels.owns(name, one)));
  }

  /** Secrets whose changes matter to an instance. */
  private static Set<String> named(InstanceInput in) {
    return Set.of(
        Names.control(in.name()),
        Names.sessions(in.name()),
        Names.backupPassword(in.name()),
        in.tlsSecret());
  }

  private static Map<String, String> content(Optional<Secret> secret) {
    return secret.map(Secrets::decode).orElse(Map.of());
  }

  /** Version of the Certificate: what it is issued for may be another, or have been renewed. */
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

  private NamespaceConflicts neighbours(MapwrightInstance instance, InstanceInput in) {
    return new NamespaceConflicts(
        hostOwners(instance, in),
        SecretUse.in(in.spec()).stream().filter(use -> isOurs(use, in)).toList(),
        OwnSecrets.of(instance).stream()
            .flatMap(secret -> read(secret, in).stream())
            // One that is there already was made before, and whoever reads it is refused.
            .filter(read -> secrets.look(in.namespace(), read.secret()).isEmpty())
            .findFirst(),
        in.restore()
            .filter(Restores::recreatesKeys)
            .filter(_ -> in.restorePhase().map(MAKES_KEYS::contains).orElse(true))
            .map(_ -> keysReturn(in))
            .orElse(KeysReturn.ALLOWED));
  }

  private KeysReturn keysReturn(InstanceInput in) {
    if (!capabilities.mayRestoreKeys(in.namespace())) {
      return KeysReturn.NOT_GRANTED;
    }
    return operator.restoresGuarded() || allowed(in) ? KeysReturn.ALLOWED : KeysReturn.UNASKED;
  }

  /** By an annotation of a key here: only those who may make keys can set it. */
  private boolean allowed(InstanceInput in) {
    var consent = RestoreConsent.of(in);
    return keys.keysOf(new ResourceID(in.name(), in.namespace())).stream()
        .map(ApiKey::getMetadata)
        .filter(meta -> in.namespace().equals(meta.getNamespace()))
        .filter(meta -> meta.getAnnotations() != null)
        .anyMatch(meta -> consent.equals(meta.getAnnotations().get(Labels.RESTORE_KEYS)));
  }

  private Optional<SecretRead> read(String secret, InstanceInput in) {
    return secretNames
        .reader(in.namespace(), secret)
        // What it reads itself is refused by the field that names it.
        .filter(reader -> !reader.equals(in.name()))
        .map(reader -> new SecretRead(secret, reader));
  }

  /** By name, and by label where whoever it was made for is gone. */
  private boolean isOurs(SecretUse use, InstanceInput in) {
    var keeper =
        secretNames
            .keeper(in.namespace(), use.name())
            .or(() ->
                secrets
                    .look(in.namespace(), use.name())
                    .map(secret -> secret.getMetadata().getAnnotations())
                    .filter(annotations -> annotations.containsKey(Labels.OWNER))
                    .map(annotations -> annotations.getOrDefault(Labels.OWNER, "")));
    return keeper.filter(of -> OwnSecrets.kind(of, use.name()) != use.as()).isPresent()
        || (keeper.isPresent() && use.as() == SecretUse.Kind.CONTENT)
        || secretNames.delivery(in.namespace(), use.name()).isPresent()
        || (in.namespace().equals(operator.namespace()) && use.name().startsWith(Labels.OPERATOR));
  }

  private Map<String, NamespacedName> hostOwners(MapwrightInstance instance, InstanceInput input) {
    var owners = new HashMap<String, NamespacedName>();
    input
        .allHosts()
        .forEach(host ->
            hosts
                .before(instance, host)
                .ifPresent(owner ->
                    owners.put(
                        host,
                        new NamespacedName(owner.getNamespace().orElse(""), owner.getName()))));
    return owners;
  }
}
