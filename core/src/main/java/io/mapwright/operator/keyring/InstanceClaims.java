package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.keyring.KeyReferences.Host;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.NamespacedName;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the keys of one instance claim of it, and which of them it lets. For one version of the
 * instance. Not thread-safe.
 */
final class InstanceClaims {
  private MapwrightInstance instance;
  private final Function<String, Map<String, String>> labels;
  private final Function<NamespacedName, Optional<ApiKey>> keys;
  private final DigestIndex index = new DigestIndex();
  private final Map<String, Admission> admissions = new HashMap<>();
  private final Map<String, Quota> quotas = new HashMap<>();

  /**
   * Nothing is claimed yet.
   *
   * @param labels finds the labels of a namespace
   * @param keys finds a key
   */
  InstanceClaims(
      MapwrightInstance instance,
      Function<String, Map<String, String>> labels,
      Function<NamespacedName, Optional<ApiKey>> keys) {
    this.instance = instance;
    this.labels = labels;
    this.keys = keys;
  }

  /** Whether claims depend on nothing of the instance that has changed. */
  boolean areOf(MapwrightInstance now) {
    var same =
        instance.getMetadata().getUid().equals(now.getMetadata().getUid())
            && Objects.equals(access(instance), access(now));
    if (same) {
      // The next look finds the very same record, and compares nothing.
      instance = now;
    }
    return same;
  }

  private static @Nullable Access access(MapwrightInstance instance) {
    return instance.getSpec().access();
  }

  Admission admission(String namespace) {
    return admissions.computeIfAbsent(namespace, this::admissionNow);
  }

  private Admission admissionNow(String namespace) {
    return Admission.of(instance, namespace, labels.apply(namespace));
  }

  /** Whether a namespace was received otherwise than it is to be now. */
  boolean outdated(String namespace) {
    var known = admissions.get(namespace);
    return known != null && !known.equals(admissionNow(namespace));
  }

  /** Receives a namespace as it is now; its keys have to be set again. */
  void renew(String namespace) {
    admissions.remove(namespace);
    quotas.remove(namespace);
  }

  /**
   * A key is new or changed.
   *
   * @return other keys whose answer changed
   */
  Set<NamespacedName> set(ApiKey key) {
    var namespace = key.getMetadata().getNamespace();
    var admission = admission(namespace);
    var counted = admission.admits(key) && !Boolean.TRUE.equals(key.getSpec().revoked());
    var quota =
        admission.maxKeys().map(most -> quotas.computeIfAbsent(namespace, _ -> new Quota(most)));
    var moved =
        quota.map(q -> counted ? q.add(key) : q.remove(NamespacedName.of(key))).orElse(Set.of());
    var changed = new LinkedHashSet<>(index.set(claim(key)));
    changed.addAll(reclaimed(moved));
    changed.remove(NamespacedName.of(key));
    return changed;
  }

  /** The same of a key that is gone. */
  Set<NamespacedName> remove(NamespacedName key) {
    var quota = quotas.get(key.namespace());
    var changed = new LinkedHashSet<>(index.remove(key));
    changed.addAll(reclaimed(quota == null ? Set.of() : quota.remove(key)));
    return changed;
  }

  private Set<NamespacedName> reclaimed(Set<NamespacedName> moved) {
    var changed = new LinkedHashSet<>(moved);
    for (var id : moved) {
      keys.apply(id).map(this::claim).map(index::set).ifPresent(changed::addAll);
    }
    return changed;
  }

  private Claim claim(ApiKey key) {
    var host = host(key);
    return Claim.of(key, host.admission(), KeyDenial.byHost(key, Optional.of(host)).isEmpty());
  }

  /** The instance, as far as it is about a key. */
  Host host(ApiKey key) {
    var namespace = key.getMetadata().getNamespace();
    var quota = quotas.get(namespace);
    return new Host(
        admission(namespace),
        quota != null && quota.isBeyond(key),
        Admission.defaultLimit(Optional.ofNullable(access(instance))));
  }

  /** Why digests of a key do not open, whose status may be newer than what was set. */
  Map<String, DigestRefusal> refusals(ApiKey key) {
    var claim = claim(key);
    var refusals = new HashMap<String, DigestRefusal>();
    KeyDigests.sha256(key)
        .forEach(digest ->
            index.refusal(claim, digest).ifPresent(refusal -> refusals.put(digest, refusal)));
    return Map.copyOf(refusals);
  }
}
