package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.kube.DeliveredSecrets.Delivery;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.SharedCache;
import java.time.Clock;
import java.util.Optional;

/** Reads everything that a pass over a key needs. */
final class KeyGatherer {
  private final SecretNames secretNames;
  private final SharedCache<MapwrightInstance> instances;
  private final SharedCache<OriginPolicy> policies;
  private final Keyring keyring;
  private final DeliveredSecrets secrets;
  private final LastUses lastUses;
  private final Clock clock;

  KeyGatherer(
      DeliveredSecrets secrets,
      SecretNames secretNames,
      SharedCache<MapwrightInstance> instances,
      SharedCache<OriginPolicy> policies,
      Keyring keyring,
      LastUses lastUses,
      Clock clock) {
    this.secretNames = secretNames;
    this.instances = instances;
    this.policies = policies;
    this.keyring = keyring;
    this.lastUses = lastUses;
    this.clock = clock;
    this.secrets = secrets;
  }

  /**
   * Whether absence in the caches is conclusive: otherwise keys would be denied during a slow
   * start.
   */
  boolean synced() {
    return instances.synced() && policies.synced();
  }

  KeyFacts gather(ApiKey key) {
    return gather(key, Digests.of(key));
  }

  /**
   * The same with digests that the key is about to have.
   *
   * @param digests used instead of those in the status
   */
  KeyFacts gather(ApiKey key, Digests digests) {
    var secretName = KeyFacts.secretName(key);
    var found = deliverySecret(key);
    var secret = found.filter(one -> belongsTo(one, key));
    return new KeyFacts(
        key,
        keyring.verdict(digests.in(key)),
        secret,
        found.isPresent() && secret.isEmpty(),
        secretConflict(key, secretName, secret.isPresent()),
        lastUses.of(key),
        clock.instant());
  }

  /**
   * Not read for a key without a digest: creating its Secret detects a conflict, and by then its
   * status has a digest. A Secret of another owner is read again, since it may be gone.
   */
  private Optional<Delivered> deliverySecret(ApiKey key) {
    var delivery = Deliveries.of(key);
    var found = !Deliveries.has(key) ? secrets.remembered(delivery) : ofStartedKey(key, delivery);
    return found.filter(one -> !belongsTo(one, key)).isPresent() ? secrets.read(delivery) : found;
  }

  /** Whether an interrupted delivery succeeded is read, not remembered. */
  private Optional<Delivered> ofStartedKey(ApiKey key, Delivery delivery) {
    return Digests.of(key).next() == null ? secrets.find(delivery) : secrets.read(delivery);
  }

  /**
   * Who else uses a Secret of that name. What an instance keeps or reads counts only before the key
   * is delivered: otherwise anyone who edits instances could prevent a rotation.
   */
  private Optional<String> secretConflict(ApiKey key, String name, boolean delivered) {
    var namespace = key.getMetadata().getNamespace();
    return secretNames
        .deliveryBefore(key)
        .map(older -> "the older ApiKey " + older + " delivers into")
        .or(() -> delivered ? Optional.empty() : instanceAt(namespace, name));
  }

  private Optional<String> instanceAt(String namespace, String name) {
    return secretNames
        .keeper(namespace, name)
        .map(instance -> "MapwrightInstance " + instance + " keeps its own in")
        .or(() ->
            secretNames
                .reader(namespace, name)
                .map(instance -> "MapwrightInstance " + instance + " lets its pods read"));
  }

  private static boolean belongsTo(Delivered secret, ApiKey key) {
    return secret.owners().contains(key.getMetadata().getUid());
  }
}
