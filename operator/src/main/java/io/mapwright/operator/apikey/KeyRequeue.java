package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.PolicyOrigins;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.push.KeyUse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Requeues keys when an object that they depend on has changed. */
final class KeyRequeue {
  private final SharedCache<ApiKey> keys;
  private final LastUses lastUses;

  KeyRequeue(SharedCache<ApiKey> keys, LastUses lastUses) {
    this.keys = keys;
    this.lastUses = lastUses;
  }

  void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    var instance = now == null ? before : now;
    if (instance != null && !sameForKeys(before, now)) {
      keys.byIndex(KeySources.BY_INSTANCE, NamespacedName.of(instance).toString())
          .forEach(this::requeue);
    }
  }

  /** A pass over a key reads only the access rules of its instance. */
  private static boolean sameForKeys(
      @Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    return before != null
        && now != null
        && Objects.equals(before.getMetadata().getUid(), now.getMetadata().getUid())
        && Objects.equals(before.getSpec().access(), now.getSpec().access());
  }

  void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    var policy = now == null ? before : now;
    if (policy == null
        || (before != null
            && now != null
            && PolicyOrigins.comparable(before) == PolicyOrigins.comparable(now))) {
      return;
    }
    keys.byIndex(KeySources.BY_POLICY, NamespacedName.of(policy).toString()).forEach(this::requeue);
  }

  /** Gateways of the instance admitted these keys: reports the days of last use. */
  void used(NamespacedName instance, List<KeyUse> uses) {
    for (var use : uses) {
      var day = LocalDate.ofInstant(use.lastUsed(), ZoneOffset.UTC);
      keys.byIndex(KeySources.BY_KEY_ID, KeySources.keyIdAt(instance, use.keyId())).stream()
          .filter(key -> lastUses.record(key, day))
          .forEach(this::requeue);
    }
  }

  private void requeue(ApiKey key) {
    keys.requeue(NamespacedName.of(key));
  }
}
