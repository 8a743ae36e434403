package io.mapwright.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.apikey.ApiKeyReconciler;
import io.mapwright.operator.instance.InstanceReconciler;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.Nudges;
import io.mapwright.operator.metrics.DomainMetrics;
import io.mapwright.operator.metrics.PushMetrics;
import io.mapwright.operator.metrics.StatusServer;
import io.mapwright.operator.originpolicy.OriginPolicyReconciler;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.PushSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator, put together by hand. */
public final class MapwrightOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MapwrightOperator.class);
  private static final String LEASE = "mapwright-operator";

  private final OperatorConfig config;
  private final Operator operator;
  private final Capabilities capabilities;
  private final GatewayFleet fleet;
  private final StatusServer server;
  private final InstanceReconciler instances;
  private final ApiKeyReconciler keys;
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * Puts the operator together without starting it.
   *
   * @throws IOException if the port is taken
   */
  public MapwrightOperator(OperatorConfig config, KubernetesClient client, Clock clock)
      throws IOException {
    this.config = config;
    var random = new SecureRandom();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var events = new Events(client, clock);
    var instanceNudges = new Nudges<MapwrightInstance>("instance-nudges");
    var keyNudges = new Nudges<ApiKey>("key-nudges");
    capabilities = new Capabilities(client, instanceNudges::all);
    fleet =
        new GatewayFleet(
            PushSettings.DEFAULTS,
            new PushMetrics(registry),
            clock,
            key -> gatewayChanged(Nudges.id(key)));
    instances =
        new InstanceReconciler(
            config.settings(),
            capabilities,
            fleet,
            events,
            instanceNudges,
            instance -> keysOf(instance).forEach(keyNudges::one),
            clock,
            random);
    keys = new ApiKeyReconciler(instances::keyring, fleet, events, keyNudges, clock, random);
    var domain = new DomainMetrics(registry, instances::known, keys::known);
    server = new StatusServer(config.port(), registry, domain::refresh, this::ready);
    // What the cluster has must be known before the reconcilers choose what to watch.
    capabilities.start();
    operator = new Operator(overrider -> configure(overrider, client, registry));
    register(instances);
    register(keys);
    register(new OriginPolicyReconciler(clock));
  }

  public void start() {
    server.start();
    operator.start();
    log.info("ready");
  }

  public int port() {
    return server.port();
  }

  public boolean ready() {
    return operator.getRuntimeInfo().isStarted();
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      fleet.close();
      operator.stop();
      capabilities.close();
      server.close();
    }
  }

  private void gatewayChanged(ResourceID instance) {
    instances.gatewayChanged(instance);
    keys.wake(instance);
  }

  private List<ResourceID> keysOf(ResourceID instance) {
    return keys.of(instance);
  }

  private <P extends HasMetadata> void register(Reconciler<P> reconciler) {
    operator.register(reconciler, this::scope);
  }

  private <P extends HasMetadata> void scope(ControllerConfigurationOverrider<P> overrider) {
    if (!config.watchedNamespaces().isEmpty()) {
      overrider.settingNamespaces(config.watchedNamespaces());
    }
  }

  private void configure(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      PrometheusMeterRegistry registry) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry))
        // One kind that can not be listed must not keep the others from working.
        .withStopOnInformerErrorDuringStartup(false)
        .withCacheSyncTimeout(Duration.ofSeconds(60))
        .withReconciliationTerminationTimeout(Duration.ofSeconds(10))
        .checkingCRDAndValidateLocalModel(false);
    if (config.leaderElection()) {
      overrider.withLeaderElectionConfiguration(leaderElection());
    }
  }

  /**
   * Whoever loses the lease ends at once, and Kubernetes starts it anew. JOSDK's own way,
   * System.exit, would wait for ever for the shutdown hook that led to it.
   */
  private LeaderElectionConfiguration leaderElection() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
        .withLeaseNamespace(config.settings().namespace())
        .withIdentity(config.identity())
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
