package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Materials;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.model.Seniority;
import io.mapwright.operator.push.CertificatePair;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.ReplicaEndpoint;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Reads all that a pass needs; the only step before apply that touches the cluster. */
final class InstanceGatherer {
  static final String BY_HOST = "host";

  private final OwnedSources sources;
  private final Capabilities capabilities;
  private final OperatorSettings operator;
  private final GatewayFleet fleet;
  private final Minting minting;
  private final Clock clock;

  InstanceGatherer(
      OwnedSources sources,
      Capabilities capabilities,
      OperatorSettings operator,
      GatewayFleet fleet,
      Minting minting,
      Clock clock) {
    this.sources = sources;
    this.capabilities = capabilities;
    this.operator = operator;
    this.fleet = fleet;
    this.minting = minting;
    this.clock = clock;
  }

  InstanceFacts gather(
      MapwrightInstance instance,
      IndexerResourceCache<MapwrightInstance> instances,
      LongSupplier tableGeneration,
      Context<MapwrightInstance> context) {
    var input = InstanceInput.of(instance, operator, capabilities.present(), materials(instance));
    var tls = tlsSecret(input, context);
    return new InstanceFacts(
        input,
        hostOwners(instance, input, instances),
        tls.map(InstanceGatherer::pair),
        tls.map(InstanceGatherer::pem),
        sources
            .find(Deployment.class, input.namespace(), Names.server(input.name()))
            .filter(InstanceGatherer::lives),
        sources
            .find(CronJob.class, input.namespace(), Names.backup(input.name()))
            .filter(InstanceGatherer::lives),
        fleet.states(pushKey(instance)),
        tableGeneration.getAsLong(),
        clock.instant());
  }

  static String pushKey(MapwrightInstance instance) {
    return instance.getMetadata().getNamespace() + "/" + instance.getMetadata().getName();
  }

  /**
   * Returns the gateways that can be pushed to: their container runs. One that drains is among
   * them, for its open connections must not outlive a revocation.
   */
  Set<ReplicaEndpoint> replicas(MapwrightInstance instance) {
    var selector = Labels.pods(instance.getMetadata().getName(), Component.SERVER);
    return sources.of(Pod.class).getSecondaryResources(instance).stream()
        .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
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

  private Materials materials(MapwrightInstance instance) {
    var namespace = instance.getMetadata().getNamespace();
    var name = instance.getMetadata().getName();
    var rotation =
        InstanceInput.of(instance, operator, Set.of(), new Materials(Map.of(), Map.of(), null))
            .sessionRotation();
    return minting
        .complete(
            instance,
            stored(namespace, Names.control(name)),
            stored(namespace, Names.sessions(name)),
            Optional.ofNullable(stored(namespace, Names.backupPassword(name)).get("password")),
            rotation)
        .withVersions(
            versions(
                namespace, Names.control(name), Names.sessions(name), Names.backupPassword(name)));
  }

  private Map<String, String> versions(String namespace, String... names) {
    var versions = new HashMap<String, String>();
    for (var name : names) {
      sources
          .find(Secret.class, namespace, name)
          .ifPresent(secret -> versions.put(name, secret.getMetadata().getResourceVersion()));
    }
    return versions;
  }

  /** What a Secret holds now; nothing if it does not exist. */
  Map<String, String> stored(String namespace, String name) {
    return sources.find(Secret.class, namespace, name).map(Secrets::decode).orElse(Map.of());
  }

  /** cert-manager's Secret carries our label and is watched; a user's own one is read. */
  private Optional<Secret> tlsSecret(InstanceInput in, Context<MapwrightInstance> context) {
    var watched = sources.find(Secret.class, in.namespace(), in.tlsSecret());
    if (watched.isPresent() || in.issuesCertificate()) {
      return watched.filter(InstanceGatherer::filled);
    }
    return Optional.ofNullable(
            context
                .getClient()
                .secrets()
                .inNamespace(in.namespace())
                .withName(in.tlsSecret())
                .get())
        .filter(InstanceGatherer::filled);
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

  private static Map<String, String> hostOwners(
      MapwrightInstance instance,
      InstanceInput input,
      IndexerResourceCache<MapwrightInstance> instances) {
    var owners = new HashMap<String, String>();
    for (var host : input.allHosts()) {
      for (var other : instances.byIndex(BY_HOST, host)) {
        if (Seniority.isOlder(other, instance)) {
          owners.put(
              host, other.getMetadata().getNamespace() + "/" + other.getMetadata().getName());
        }
      }
    }
    return owners;
  }
}
