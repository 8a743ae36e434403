package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.KeyStatusWriter;
import io.mapwright.operator.kube.PeriodicTask;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.KeyUse;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over an ApiKey: gather, check, plan, make and deliver, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(name = ApiKeyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class ApiKeyReconciler implements Reconciler<ApiKey>, AutoCloseable {
  public static final String NAME = "apikey";

  private final SharedCache<ApiKey> keys;
  private final KeySources sources;
  private final DeliveredSecrets secrets;
  private final TrustedStatus trusted;
  private final ServedNamespaces served;
  private final LastUses lastUses = new LastUses();
  private final RefusedDeliveries refusals = new RefusedDeliveries();
  private final KeyRequeue requeue;
  private final KeyGatherer gatherer;
  private final StatusRepair repair;
  private final KeyDelivery delivery;
  private final EnforcementCounter gateways;
  private final KeyReporter reporter;

  public ApiKeyReconciler(
      SharedCache<ApiKey> keys,
      SharedCache<MapwrightInstance> instances,
      SharedCache<OriginPolicy> policies,
      KeySources sources,
      SecretNames secretNames,
      ServedNamespaces served,
      KubernetesClient client,
      Duration secretRound,
      StatusSeal seal,
      GatewayFleet fleet,
      Events events,
      Clock clock,
      SecureRandom random) {
    this.keys = keys;
    this.sources = sources;
    this.served = served;
    trusted = new TrustedStatus(seal);
    var keyring = sources.keyring();
    var statuses = new KeyStatusWriter(client);
    secrets =
        new DeliveredSecrets(
            client,
            secretRound,
            () -> keys.synced() ? keys.list().map(ResourceID::fromResource).toList() : List.of(),
            id ->
                keys.get(id)
                    .filter(ApiKeyReconciler::lives)
                    .filter(Deliveries::has)
                    .map(Deliveries::of),
            keys::requeue);
    requeue = new KeyRequeue(keys, lastUses);
    gatherer = new KeyGatherer(secrets, secretNames, instances, policies, keyring, lastUses, clock);
    repair = new StatusRepair(statuses, seal, events);
    delivery = new KeyDelivery(statuses, secrets, refusals, seal, random);
    gateways = new EnforcementCounter(keyring, fleet);
    reporter = new KeyReporter(gateways, seal, events);
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    return List.of(keys.attach(context, KeySources.INDEXERS));
  }

  /** Begins to look after the Secrets that keys were delivered into. */
  public void start() {
    secrets.start();
  }

  /** The look after those Secrets. */
  public PeriodicTask task() {
    return secrets.task();
  }

  @Override
  public void close() {
    secrets.close();
  }

  @Override
  public ErrorStatusUpdateControl<ApiKey> updateErrorStatus(
      ApiKey key, Context<ApiKey> context, Exception e) {
    return ReconcileFailure.control(key, e);
  }

  /** A gateway of the instance took something over: looks at the keys that wait for that. */
  public void wake(ResourceID instance) {
    gateways.reached(instance).forEach(keys::requeue);
  }

  /** Gateways of the instance admitted these keys. */
  public void used(ResourceID instance, List<KeyUse> uses) {
    requeue.used(instance, uses);
  }

  /** Hears of every change of an instance. */
  public void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    requeue.instanceChanged(before, now);
  }

  /** Hears of every change of a policy. */
  public void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    requeue.policyChanged(before, now);
  }

  /** Hears of every change of a key: nothing is remembered of one that is gone. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    if (before != null && now == null) {
      var id = ResourceID.fromResource(before);
      lastUses.forget(id);
      secrets.forget(id);
      refusals.forget(id);
    }
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    if (!lives(key)) {
      return UpdateControl.noUpdate();
    }
    if (!settled(key)) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(NextLook.UNSEEN);
    }
    var facts = gatherer.gather(key);
    if (TrustedStatus.rejected(key.getStatus())) {
      return repair
          .mend(facts, NextLook.UNSEEN)
          .map(again -> UpdateControl.<ApiKey>noUpdate().rescheduleAfter(again))
          .orElseGet(UpdateControl::noUpdate);
    }
    var outcome =
        switch (KeyPlan.of(facts, refusals.of(facts))) {
          case KeyPlan.Settle settle ->
              new Outcome(
                  settle.digests(),
                  settle.refused(),
                  false,
                  facts.status().map(ApiKeyStatus::seal).orElse(null));
          case KeyPlan.Make make -> delivery.make(make.digests(), facts);
        };
    var end = reporter.report(afterwards(facts, outcome.digests()), outcome);
    return end.patch()
        .map(UpdateControl::patchStatus)
        .orElseGet(UpdateControl::noUpdate)
        .rescheduleAfter(end.again());
  }

  /** What was made meanwhile is in the caches by now, and other digests meet other keys. */
  private KeyFacts afterwards(KeyFacts facts, Digests digests) {
    return digests.equals(Digests.of(facts.status()))
        ? facts
        : gatherer.gather(facts.key(), digests);
  }

  /** Whether all is known that a pass goes by; the event that judges a status may be on the way. */
  private boolean settled(ApiKey key) {
    return gatherer.synced()
        && sources.synced()
        && !served.joins(key.getMetadata().getNamespace())
        && trusted.judged(key);
  }

  private static boolean lives(ApiKey key) {
    return key.getMetadata().getDeletionTimestamp() == null;
  }
}
