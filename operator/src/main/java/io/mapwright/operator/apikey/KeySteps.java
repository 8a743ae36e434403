package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.KeyStatusWriter;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The components that perform the steps of a pass over an ApiKey, created once. */
public final class KeySteps {
  private final SharedCache<ApiKey> keys;
  private final KeySources sources;
  private final ServedNamespaces served;
  private final TrustedStatus trusted;
  private final DeliveredSecrets secrets;
  private final LastUses lastUses = new LastUses();
  private final RefusedDeliveries refusals = new RefusedDeliveries();
  private final KeyRequeue requeue;
  private final KeyGatherer gatherer;
  private final StatusRepair repair;
  private final KeyDelivery delivery;
  private final EnforcementCounter gateways;
  private final KeyReporter reporter;

  /**
   * Creates the components.
   *
   * @param secretRound shortest time between two reads of the same delivery Secret
   */
  public KeySteps(
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
    secrets = new DeliveredSecrets(client, secretRound, this::known, this::delivery, keys::requeue);
    requeue = new KeyRequeue(keys, lastUses);
    gatherer = new KeyGatherer(secrets, secretNames, instances, policies, keyring, lastUses, clock);
    repair = new StatusRepair(statuses, seal, events);
    delivery = new KeyDelivery(statuses, secrets, refusals, seal, random);
    gateways = new EnforcementCounter(keyring, fleet);
    reporter = new KeyReporter(gateways, seal, events);
  }

  /** Empty until all keys are listed: a standby replica lists nothing. */
  private Collection<NamespacedName> known() {
    return keys.synced() ? keys.list().map(NamespacedName::of).toList() : List.of();
  }

  private Optional<DeliveredSecrets.Delivery> delivery(NamespacedName id) {
    return keys.get(id).filter(KeyLifecycle::exists).filter(Deliveries::has).map(Deliveries::of);
  }

  /**
   * Whether everything that a pass needs is known; the event that checks a status may be pending.
   */
  boolean ready(ApiKey key) {
    return gatherer.synced()
        && sources.synced()
        && !served.joins(key.getMetadata().getNamespace())
        && trusted.judged(key);
  }

  void forget(NamespacedName id) {
    lastUses.forget(id);
    secrets.forget(id);
    refusals.forget(id);
  }

  SharedCache<ApiKey> keys() {
    return keys;
  }

  DeliveredSecrets secrets() {
    return secrets;
  }

  RefusedDeliveries refusals() {
    return refusals;
  }

  KeyRequeue requeue() {
    return requeue;
  }

  KeyGatherer gatherer() {
    return gatherer;
  }

  StatusRepair repair() {
    return repair;
  }

  KeyDelivery delivery() {
    return delivery;
  }

  EnforcementCounter gateways() {
    return gateways;
  }

  KeyReporter reporter() {
    return reporter;
  }
}
