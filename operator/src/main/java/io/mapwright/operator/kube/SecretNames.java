package io.mapwright.operator.kube;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OwnSecrets;
import io.mapwright.operator.model.SecretUse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which objects keep or read a Secret of a given name: instances keep their own, keys are delivered
 * to theirs, and pods of instances read those in the spec. Based on names alone, so it holds before
 * a Secret exists.
 */
public final class SecretNames {
  private final OldestClaimants<MapwrightInstance> kept;
  private final OldestClaimants<MapwrightInstance> read;
  private final OldestClaimants<ApiKey> delivered;

  public SecretNames() {
    kept = new OldestClaimants<>(instance -> in(namespace(instance), OwnSecrets.of(instance)));
    read =
        new OldestClaimants<>(instance ->
            in(
                namespace(instance),
                SecretUse.in(instance.getSpec()).stream()
                    .filter(use -> use.as() == SecretUse.Kind.CONTENT)
                    .map(SecretUse::name)
                    .toList()));
    delivered =
        new OldestClaimants<>(key ->
            key.getSpec().digest() == null
                ? in(key.getMetadata().getNamespace(), List.of(Names.keySecret(key)))
                : List.of());
  }

  /** Handles every change of an instance. */
  public void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    kept.changed(before, now);
    read.changed(before, now);
  }

  /** Handles every change of a key. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    delivered.changed(before, now);
  }

  /** The instance whose own Secret has this name. */
  public Optional<String> keeper(String namespace, String secret) {
    return kept.first(id(namespace, secret)).map(NamespacedName::name);
  }

  /** An instance whose pods read a Secret of this name. */
  public Optional<String> reader(String namespace, String secret) {
    return read.first(id(namespace, secret)).map(NamespacedName::name);
  }

  /** The key that is delivered to a Secret of this name. */
  public Optional<String> delivery(String namespace, String secret) {
    return delivered.first(id(namespace, secret)).map(NamespacedName::name);
  }

  /** The older key with the same delivery Secret as this one. */
  public Optional<String> deliveryBefore(ApiKey key) {
    return delivered
        .before(key, id(key.getMetadata().getNamespace(), Names.keySecret(key)))
        .map(NamespacedName::name);
  }

  private static String namespace(MapwrightInstance instance) {
    return instance.getMetadata().getNamespace();
  }

  private static List<String> in(String namespace, List<String> secrets) {
    return secrets.stream().map(secret -> id(namespace, secret)).toList();
  }

  private static String id(String namespace, String secret) {
    return namespace + "/" + OwnSecrets.known(secret);
  }
}
