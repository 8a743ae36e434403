package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.keyring.KeyCompiler;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.Watched;
import java.time.Clock;
import java.util.Optional;

/** Reads all that a pass over a key needs. */
final class KeyGatherer {
  private final SecretNames secretNames;
  private final Watched<MapwrightInstance> instances;
  private final Watched<OriginPolicy> policies;
  private final Keyring keyring;
  private final DeliveredSecrets secrets;
  private final LastUses lastUses;
  private final Clock clock;

  KeyGatherer(
      EventSourceContext<ApiKey> context,
      SecretNames secretNames,
      Watched<MapwrightInstance> instances,
      Watched<OriginPolicy> policies,
      Keyring keyring,
      LastUses lastUses,
      Clock clock) {
    this.secretNames = secretNames;
    this.instances = instances;
    this.policies = policies;
    this.keyring = keyring;
    this.lastUses = lastUses;
    this.clock = clock;
    secrets = new DeliveredSecrets(context);
  }

  DeliveredSecrets secrets() {
    return secrets;
  }

  /** Whether what is absent here is absent: else a key would be denied for a slow start. */
  boolean synced() {
    return instances.synced() && policies.synced() && OwnedSources.synced(secrets);
  }

  KeyFacts gather(ApiKey key, KubernetesClient client) {
    var namespace = key.getMetadata().getNamespace();
    var secretName = KeyFacts.secretName(key);
    var secret = secrets.get(new ResourceID(secretName, namespace)).filter(s -> belongsTo(s, key));
    var instance = instances.get(Keyring.instanceOf(key));
    return new KeyFacts(
        key,
        instance,
        KeyCompiler.policyNames(key).stream()
            .filter(name -> policies.get(new ResourceID(name, namespace)).isEmpty())
            .toList(),
        KeyCompiler.policyNames(key).stream()
            .filter(name ->
                policies
                    .get(new ResourceID(name, namespace))
                    .filter(policy -> !KeyCompiler.comparable(policy))
                    .isPresent())
            .toList(),
        secret,
        secret.isEmpty() && hadSecret(key) && taken(namespace, secretName, client),
        secretRival(key, secretName, secret.isPresent()),
        keyring.standing(key, digest(key)),
        lastUses.of(key),
        clock.instant());
  }

  /** The digest without which the key is nothing; none of a key that is to open nothing. */
  private static Optional<String> digest(ApiKey key) {
    if (KeyLifecycle.revoked(key.getSpec())) {
      return Optional.empty();
    }
    return Optional.ofNullable(key.getSpec().digest())
        .or(() ->
            Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::current).map(KeyDigest::sha256));
  }

  /**
   * A key in the making is not asked about: making its Secret finds what is in the way, and then
   * there is a digest in its status.
   */
  private static boolean hadSecret(ApiKey key) {
    return key.getSpec().digest() == null && !Digests.of(key).equals(Digests.NONE);
  }

  /** Asked of the API server, for the informer sees only Secrets that the operator made. */
  private static boolean taken(String namespace, String name, KubernetesClient client) {
    return client.secrets().inNamespace(namespace).withName(name).get() != null;
  }

  /**
   * Who else has a Secret of that name. What an instance keeps or reads counts before the key is in
   * it only: else whoever writes instances could keep a key from being rotated.
   */
  private Optional<String> secretRival(ApiKey key, String name, boolean delivered) {
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

  static boolean belongsTo(Secret secret, ApiKey key) {
    return secret.getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> key.getMetadata().getUid().equals(ref.getUid()));
  }
}
