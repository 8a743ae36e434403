package io.mapwright.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.apikey.ApiKeyReconciler;
import io.mapwright.operator.apikey.KeySteps;
import io.mapwright.operator.instance.InstanceReconciler;
import io.mapwright.operator.instance.InstanceSteps;
import io.mapwright.operator.kube.ApiKeyCloner;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.EventReader;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.Health;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.KeyStates;
import io.mapwright.operator.kube.LeaseFence;
import io.mapwright.operator.kube.Namespaces;
import io.mapwright.operator.kube.PeriodicTask;
import io.mapwright.operator.kube.ScrapeReview;
import io.mapwright.operator.kube.SealKey;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.kube.SourceHealth;
import io.mapwright.operator.metrics.DomainMetrics;
import io.mapwright.operator.metrics.HealthMetrics;
import io.mapwright.operator.metrics.KeyUseMetrics;
import io.mapwright.operator.metrics.Probes;
import io.mapwright.operator.metrics.PushMetrics;
import io.mapwright.operator.metrics.StatusServer;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.originpolicy.OriginPolicyReconciler;
import io.mapwright.operator.pki.OwnCertificate;
import io.mapwright.operator.push.Fence;
import io.mapwright.operator.push.FleetListener;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.KeyUse;
import io.mapwright.operator.push.PushSettings;
import io.mapwright.operator.seal.TrustedStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator: creates its components and connects them, without a container. */
public final class MapwrightOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MapwrightOperator.class);
  static final Duration LEASE_DURATION = Duration.ofSeconds(15);

  /** How often the health of the event sources is checked. */
  private static final Duration SOURCE_CHECK_PERIOD = Duration.ofSeconds(10);

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final Optional<LeaseFence> lease;
  private final Operator operator;
  private final Capabilities capabilities;
  private final GatewayFleet fleet;
  private final StatusServer server;
  private final KeyBackupWriter ledger;
  private final Namespaces namespaces;
  private final ServedNamespaces served;
  private final SharedCache<MapwrightInstance> instancesWatched;
  private final SharedCache<ApiKey> keysWatched;
  private final SharedCache<OriginPolicy> policiesWatched;
  private final PeriodicTask sourceCheck;
  private final Probes probes;
  private final SealKey sealKey;
  private final InstanceSecrets secrets;
  private final InstanceReconciler instances;
  private final ApiKeyReconciler keys;
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * Creates the operator without starting it.
   *
   * @param lease intercepts this client's requests; present if leader election is configured
   * @throws IOException if a port is in use
   */
  public MapwrightOperator(
      OperatorConfig config, KubernetesClient client, Optional<LeaseFence> lease, Clock clock)
      throws IOException {
    this.config = config;
    this.client = client;
    this.lease = lease;
    var random = new SecureRandom();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var keyUse = new KeyUseMetrics(registry);
    var events = new Events(client, clock);
    sealKey = SealKey.load(client, config.settings().namespace(), random);
    var seal = sealKey.seal(config.adoptStatus());
    var trusted = new TrustedStatus(seal);
    var wanted = config.watchedNamespaces();
    served = new ServedNamespaces(client, wanted, this::join);
    instancesWatched = new SharedCache<>("instance-triggers", wanted, trusted);
    keysWatched = new SharedCache<>("key-triggers", wanted, trusted);
    policiesWatched = new SharedCache<>("policy-triggers", wanted, trusted);
    namespaces = wanted.isEmpty() ? Namespaces.all(client) : Namespaces.none();
    var keySources = new KeySources(instancesWatched, keysWatched, policiesWatched, namespaces);
    var secretNames = new SecretNames();
    var keyStates = new KeyStates();
    capabilities = new Capabilities(client, served::open, instancesWatched::requeueAll);
    fleet =
        new GatewayFleet(
            PushSettings.DEFAULTS,
            new PushMetrics(registry),
            clock,
            lease.<Fence>map(fence -> fence).orElse(Fence.OPEN),
            new FleetListener() {
              @Override
              public void reachabilityChanged(NamespacedName instance) {
                instances.gatewayChanged(instance);
              }

              @Override
              public void progressed(NamespacedName instance) {
                keys.gatewayProgressed(instance);
              }

              @Override
              public void used(NamespacedName instance, List<KeyUse> uses) {
                keyUse.used(instance, uses);
                keys.used(instance, uses);
              }
            });
    ledger = new KeyBackupWriter(client, instancesWatched::requeue);
    secrets = new InstanceSecrets(client, config.secretRound(), instancesWatched::requeue);
    instances =
        new InstanceReconciler(
            new InstanceSteps(
                config.settings(),
                capabilities,
                fleet,
                events,
                new EventReader(client),
                instancesWatched,
                keySources,
                ledger,
                secrets,
                secretNames,
                served,
                seal,
                clock,
                random));
    keys =
        new ApiKeyReconciler(
            new KeySteps(
                keysWatched,
                instancesWatched,
                policiesWatched,
                keySources,
                secretNames,
                served,
                client,
                config.secretRound(),
                seal,
                fleet,
                events,
                clock,
                random));
    var domain =
        new DomainMetrics(
            registry,
            () -> instancesWatched.list().toList(),
            instance -> fleet.servedUntil(NamespacedName.of(instance)),
            keyStates::count,
            this::isLeader);
    var sources = new SourceHealth(this::unhealthy, System::nanoTime);
    sourceCheck = new PeriodicTask("source-health", SOURCE_CHECK_PERIOD, sources::check);
    var tasks =
        List.of(
            sealKey.task(),
            ledger.task(),
            secrets.task(),
            keys.task(),
            capabilities.task(),
            served.task(),
            sourceCheck);
    var health =
        new Health(
            this::started,
            () -> instancesWatched.synced() && keySources.synced(),
            sources,
            served::unserved,
            capabilities::silence,
            tasks);
    registerMetrics(new HealthMetrics(registry), sources, served, tasks);
    probes = new Probes(health::dead, health::missing, health::degraded);
    server =
        new StatusServer(
            config.port(),
            config.probePort(),
            probes,
            registry,
            domain::refresh,
            guard(config, client, clock, random));
    // Optional kinds must be known before the reconcilers choose what to watch.
    var first = served.begin();
    capabilities.start();
    operator = new Operator(overrider -> configure(overrider, registry));
    var policies = new OriginPolicyReconciler(policiesWatched, keysWatched, clock);
    instancesWatched.register(
        operator,
        instances,
        first,
        CacheListeners.ofInstances(secretNames, instances, keyUse, keys));
    keysWatched.register(
        operator,
        keys,
        first,
        CacheListeners.ofKeys(keySources, secretNames, keyStates, ledger, keys, policies));
    policiesWatched.register(
        operator, policies, first, CacheListeners.ofPolicies(keySources, ledger, keys));
  }

  /**
   * Adds keys before instances: a table that lacks keys because they are not listed yet would
   * revoke them.
   */
  private boolean join(Set<String> all) {
    return policiesWatched.join(all) && keysWatched.join(all) && instancesWatched.join(all);
  }

  public void start() {
    server.start();
    sealKey.start();
    secrets.start();
    keys.start();
    sourceCheck.start();
    namespaces.start();
    operator.start();
    served.start();
    log.info("ready");
  }

  private static Optional<StatusServer.Guard> guard(
      OperatorConfig config, KubernetesClient client, Clock clock, SecureRandom random) {
    var certificate = new OwnCertificate(List.of("mapwright-operator-metrics"), clock, random);
    return config.metricsByToken()
        ? Optional.of(new StatusServer.Guard(new ScrapeReview(client), certificate::sockets))
        : Optional.empty();
  }

  public int port() {
    return server.port();
  }

  public int probePort() {
    return server.probePort();
  }

  public boolean ready() {
    return probes.missing().get().isEmpty();
  }

  private boolean isLeader() {
    return lease.map(LeaseFence::open).orElse(true);
  }

  private boolean started() {
    return operator.getRuntimeInfo().isStarted();
  }

  /** The unhealthy event sources; unknown until all controllers have started. */
  private Optional<Collection<String>> unhealthy() {
    if (!started()) {
      return Optional.empty();
    }
    var names = new ArrayList<String>();
    operator
        .getRuntimeInfo()
        .unhealthyEventSources()
        .forEach((controller, sources) ->
            sources.keySet().forEach(source -> names.add(controller + "/" + source)));
    return Optional.of(names);
  }

  private static void registerMetrics(
      HealthMetrics metrics,
      SourceHealth sources,
      ServedNamespaces served,
      List<PeriodicTask> tasks) {
    metrics.sources(sources::now);
    metrics.unserved(served::unserved);
    tasks.forEach(task -> metrics.task(task.name(), task, PeriodicTask::failures));
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      lease.ifPresent(LeaseFence::shut);
      fleet.close();
      ledger.close();
      namespaces.close();
      served.close();
      sealKey.close();
      secrets.close();
      keys.close();
      sourceCheck.close();
      operator.stop();
      if (config.leaderElection()) {
        releaseLease();
      }
      capabilities.close();
      server.close();
    }
  }

  /** Lets the next holder start before the lease expires. JOSDK never releases it. */
  private void releaseLease() {
    var leases =
        client.leases().inNamespace(config.settings().namespace()).withName(config.lease());
    try {
      var held = leases.get();
      if (held != null && config.identity().equals(held.getSpec().getHolderIdentity())) {
        held.getSpec().setHolderIdentity("");
        // With its resourceVersion: fails if somebody else acquired it meanwhile.
        client.resource(held).update();
      }
    } catch (KubernetesClientException e) {
      log.warn("could not release the lease, it expires by itself: {}", e.getMessage());
    }
  }

  private void configure(
      ConfigurationServiceOverrider overrider, PrometheusMeterRegistry registry) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withResourceCloner(new ApiKeyCloner(client))
        .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry))
        // A kind that cannot be listed must not stop the others from working.
        .withStopOnInformerErrorDuringStartup(false)
        .withCacheSyncTimeout(Duration.ofSeconds(60))
        .withReconciliationTerminationTimeout(Duration.ofSeconds(10))
        .checkingCRDAndValidateLocalModel(false);
    if (config.leaderElection()) {
      overrider.withLeaderElectionConfiguration(leaderElection());
    }
  }

  /**
   * A process that loses the lease exits immediately, and Kubernetes restarts it. JOSDK calls
   * System.exit instead, which would wait forever for the shutdown hook that called it.
   */
  private LeaderElectionConfiguration leaderElection() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(config.lease())
        .withLeaseNamespace(config.settings().namespace())
        .withIdentity(config.identity())
        .withLeaseDuration(LEASE_DURATION)
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(
            new LeaderCallbacks(
                () -> log.info("leading"),
                () -> {
                  if (!closing.get()) {
                    log.error("lost the lease");
                    Runtime.getRuntime().halt(1);
                  }
                },
                leader -> log.info("the leader is {}", leader)))
        .build();
  }
}
