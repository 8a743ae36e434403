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
 * What the keys of one instance claim, and which claims it permits. Valid for one version of the
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
   * Creates one without claims.
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

  /** Whether the claims are still valid for this version of the instance. */
  boolean validFor(MapwrightInstance now) {
    var same =
        instance.getMetadata().getUid().equals(now.getMetadata().getUid())
            && Objects.equals(access(instance), access(now));
    if (same) {
      // The next comparison finds the same record, which is fast.
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

  /** Whether the stored admission of a namespace differs from the current one. */
  boolean outdated(String namespace) {
    var known = admissions.get(namespace);
    return known != null && !known.equals(admissionNow(namespace));
  }

  /** Drops the stored admission of a namespace; its keys must be set again. */
  void invalidate(String namespace) {
    admissions.remove(namespace);
    quotas.remove(namespace);
  }

  /**
   * Adds or updates a key.
   *
   * @return other keys whose verdict changed
   */
  Set<NamespacedName> set(ApiKey key) {
    var namespace = key.getMetadata().getNamespace();
    var admission = admission(namespace);
    var counted = admission.admits(key) && !Boolean.TRUE.equals(key.getSpec().revoked());
    var quota =
        admission
            .maxKeys()
            .map(maxKeys -> quotas.computeIfAbsent(namespace, _ -> new Quota(maxKeys)));
    var moved =
        quota.map(q -> counted ? q.add(key) : q.remove(NamespacedName.of(key))).orElse(Set.of());
    var changed = new LinkedHashSet<>(index.set(claim(key)));
    changed.addAll(reclaim(moved));
    changed.remove(NamespacedName.of(key));
    return changed;
  }

  /** Removes a deleted key; returns the other keys whose verdict changed. */
  Set<NamespacedName> remove(NamespacedName key) {
    var quota = quotas.get(key.namespace());
    var changed = new LinkedHashSet<>(index.remove(key));
    changed.addAll(reclaim(quota == null ? Set.of() : quota.remove(key)));
    return changed;
  }

  private Set<NamespacedName> reclaim(Set<NamespacedName> moved) {
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

  /** The instance as it concerns a key. */
  Host host(ApiKey key) {
    var namespace = key.getMetadata().getNamespace();
    var quota = quotas.get(namespace);
    return new Host(
        admission(namespace),
        quota != null && quota.isExceededBy(key),
        Admission.defaultLimit(Optional.ofNullable(access(instance))));
  }

  /** Why digests of a key are not accepted; its status may be newer than the claim that was set. */
  Map<String, DigestRefusal> refusals(ApiKey key) {
    var claim = claim(key);
    var refusals = new HashMap<String, DigestRefusal>();
    KeyDigests.sha256(key)
        .forEach(digest ->
            index.refusal(claim, digest).ifPresent(refusal -> refusals.put(digest, refusal)));
    return Map.copyOf(refusals);
  }
}
