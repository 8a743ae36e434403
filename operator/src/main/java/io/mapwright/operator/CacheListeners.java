package io.mapwright.operator;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.apikey.ApiKeyReconciler;
import io.mapwright.operator.instance.InstanceReconciler;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.KeyStates;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.SharedCache.Listener;
import io.mapwright.operator.metrics.KeyUseMetrics;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.originpolicy.OriginPolicyReconciler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who hears of changes of our kinds, in the order in which they hear. First what gateways are told,
 * for no listener may hold up a revocation. Then what is known from events alone and passes ask
 * for. Then what only counts or writes down. Last what starts passes: a pass finds all that its
 * event has changed.
 */
final class CacheListeners {
  private CacheListeners() {}

  static List<Listener<ApiKey>> ofKeys(
      KeySources keyring,
      SecretNames secretNames,
      KeyStates states,
      KeyBackupWriter backups,
      ApiKeyReconciler keys,
      OriginPolicyReconciler policies) {
    return List.of(
        keyring::keyChanged, //     gateways; it also requeues keys whose digests meet others now
        secretNames::keyChanged, // a pass asks who else is delivered into a Secret
        states::changed, //         counts, for metrics
        backups::keyChanged, //     files of backups; written later, from the cache
        keys::keyChanged, //        forgets keys that are gone, which no pass looks at any more
        policies::keyChanged); //   requeues policies, whose passes count keys in the cache
  }

  static List<Listener<MapwrightInstance>> ofInstances(
      SecretNames secretNames,
      InstanceReconciler instances,
      KeyUseMetrics keyUse,
      ApiKeyReconciler keys) {
    // The keyring is not here: a pass over the instance opens its table.
    return List.of(
        secretNames::instanceChanged, // a pass asks who keeps or reads a Secret
        instances::instanceChanged, //   a pass asks whose a host is
        (before, now) -> forget(keyUse, before, now), // counters of what is gone
        keys::instanceChanged); //       requeues keys, if another may be admitted now
  }

  static List<Listener<OriginPolicy>> ofPolicies(
      KeySources keyring, KeyBackupWriter backups, ApiKeyReconciler keys) {
    return List.of(
        keyring::policyChanged, // gateways; keys of a policy that is wrong now are closed
        backups::policyChanged, // files of backups
        keys::policyChanged); //   requeues keys that a policy denies, or does no more
  }

  private static void forget(
      KeyUseMetrics keyUse, @Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    if (before != null && now == null) {
      keyUse.forget(NamespacedName.of(before));
    }
  }
}
