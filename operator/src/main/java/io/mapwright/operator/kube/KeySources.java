package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.keyring.NamedPolicies;
import io.mapwright.operator.model.NamespacedName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the keyring from the watches of keys and policies. Their events trigger no pass over an
 * instance: a key only changes one entry of its table.
 */
public final class KeySources implements Keyring.Lookups, KeyBackupWriter.Lookups {
  private static final Logger log = LoggerFactory.getLogger(KeySources.class);
  private static final String BY_SHARD = "shard";

  /** Keys by the instance that they open, as {@link NamespacedName} writes it. */
  public static final String BY_INSTANCE = "instance";

  /** Keys by each policy that they refer to, as {@link NamespacedName} writes it. */
  public static final String BY_POLICY = "policy";

  /** Keys by the key id, as in logs and counters, of each accepted digest. */
  public static final String BY_KEY_ID = "key-id";

  public static final Map<String, Function<ApiKey, List<String>>> INDEXERS =
      Map.of(
          BY_INSTANCE,
          key -> List.of(Keyring.instanceOf(key).toString()),
          BY_POLICY,
          KeySources::policies,
          BY_KEY_ID,
          KeySources::keyIds,
          BY_SHARD,
          key -> List.of(Keyring.instanceOf(key) + "#" + KeyBackupWriter.shard(key)));

  private final SharedCache<MapwrightInstance> instances;
  private final SharedCache<ApiKey> keys;
  private final SharedCache<OriginPolicy> policies;
  private final Namespaces namespaces;
  private final Keyring keyring = new Keyring(this, KeySources::logDenied);

  public KeySources(
      SharedCache<MapwrightInstance> instances,
      SharedCache<ApiKey> keys,
      SharedCache<OriginPolicy> policies,
      Namespaces namespaces) {
    this.instances = instances;
    this.namespaces = namespaces;
    namespaces.listen(this::namespaceChanged);
    this.keys = keys;
    this.policies = policies;
  }

  public Keyring keyring() {
    return keyring;
  }

  private static void logDenied(NamespacedName key, String why) {
    log.warn("ApiKey {} is denied, it does not compile: {}", key, why);
  }

  public boolean synced() {
    return keys.synced() && policies.synced() && namespaces.settled();
  }

  /** Policies that a key names, as namespace/name. */
  public static List<String> policies(ApiKey key) {
    return NamedPolicies.names(key).stream()
        .map(name -> new NamespacedName(key.getMetadata().getNamespace(), name).toString())
        .toList();
  }

  /** The value of {@link #BY_KEY_ID} for a key of an instance. */
  public static String keyIdAt(NamespacedName instance, String keyId) {
    return instance + "#" + keyId;
  }

  private static List<String> keyIds(ApiKey key) {
    var instance = Keyring.instanceOf(key);
    return Optional.ofNullable(key.getStatus()).stream()
        .flatMap(status -> Stream.of(status.current(), status.previous()))
        .filter(Objects::nonNull)
        .map(KeyDigest::keyId)
        .filter(Objects::nonNull)
        .map(keyId -> keyIdAt(instance, keyId))
        .toList();
  }

  /** Handles every change of a key. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    // A digest that was revoked or released may belong to another key too.
    if (now != null) {
      keyring.put(now).forEach(keys::requeue);
    } else if (before != null) {
      keyring.remove(NamespacedName.of(before)).forEach(keys::requeue);
    }
  }

  private void namespaceChanged(String namespace) {
    keyring.namespaceChanged(namespace).forEach(keys::requeue);
  }

  /** Handles every change of a policy. */
  public void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    var policy = now == null ? before : now;
    // The count in a policy's status changes with each key, but does not affect the table.
    if (policy != null && !sameVersion(before, now)) {
      keyring.policyChanged(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }
  }

  static boolean sameVersion(@Nullable HasMetadata before, @Nullable HasMetadata now) {
    return before != null
        && now != null
        && Objects.equals(before.getMetadata().getUid(), now.getMetadata().getUid())
        && Objects.equals(before.getMetadata().getGeneration(), now.getMetadata().getGeneration());
  }

  @Override
  public Optional<MapwrightInstance> instance(NamespacedName id) {
    return instances.get(id);
  }

  @Override
  public Optional<OriginPolicy> policy(String namespace, String name) {
    return policies.get(new NamespacedName(namespace, name));
  }

  @Override
  public List<ApiKey> keysOf(NamespacedName instance) {
    return keys.byIndex(BY_INSTANCE, instance.toString());
  }

  @Override
  public List<ApiKey> keysOf(NamespacedName instance, int shard) {
    return keys.byIndex(BY_SHARD, instance + "#" + shard);
  }

  /** All keys that the operator sees. */
  public Stream<ApiKey> all() {
    return keys.list();
  }

  @Override
  public List<ApiKey> keysWith(String namespace, String policy) {
    return keys.byIndex(BY_POLICY, new NamespacedName(namespace, policy).toString());
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    return namespaces.labels(namespace);
  }

  /** Whether namespaces can be distinguished by their labels. */
  public boolean knowsNamespaceLabels() {
    return namespaces.known();
  }

  @Override
  public Optional<ApiKey> key(NamespacedName id) {
    return keys.get(id);
  }
}
