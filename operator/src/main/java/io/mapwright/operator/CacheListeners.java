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
 * The listeners to changes of the operator's kinds, in their order. First what is pushed to
 * gateways, because no listener may delay a revocation. Then state that is derived from events and
 * read by passes. Then metrics and backups. Last what triggers passes: a pass finds everything that
 * its event has changed.
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
        keyring
            ::keyChanged, //     gateways; also requeues keys whose digests conflict with others now
        secretNames::keyChanged, // a pass reads who else is delivered to a Secret
        states::changed, //         counts, for metrics
        backups::keyChanged, //     files of backups; written later, from the cache
        keys::keyChanged, //        forgets deleted keys, for which there is no pass any more
        policies::keyChanged); //   requeues policies, whose passes count keys in the cache
  }

  static List<Listener<MapwrightInstance>> ofInstances(
      SecretNames secretNames,
      InstanceReconciler instances,
      KeyUseMetrics keyUse,
      ApiKeyReconciler keys) {
    // The keyring is not here: a pass over the instance opens its table.
    return List.of(
        secretNames::instanceChanged, // a pass reads who keeps or reads a Secret
        instances::instanceChanged, //   a pass reads the owner of a host
        (before, now) -> forget(keyUse, before, now), // counters of deleted instances
        keys::instanceChanged); //       requeues keys, if another may be admitted now
  }

  static List<Listener<OriginPolicy>> ofPolicies(
      KeySources keyring, KeyBackupWriter backups, ApiKeyReconciler keys) {
    return List.of(
        keyring::policyChanged, // gateways; keys of an invalid policy are denied
        backups::policyChanged, // files of backups
        keys::policyChanged); //   requeues keys that a policy denies, or no longer denies
  }

  private static void forget(
      KeyUseMetrics keyUse, @Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    if (before != null && now == null) {
      keyUse.forget(NamespacedName.of(before));
    }
  }
}
