package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.SessionKeyEntry;
import io.mapwright.operator.gateway.SessionKeyEntry.Slot;
import io.mapwright.operator.keyring.KeyCompiler.CompiledKey;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.table.LiveTable;
import java.time.DateTimeException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The tables of all instances, kept in sync with the API server. {@code ApiKey} status is the
 * durable table; this is its compiled form, updated by watch events, so what a gateway receives is
 * already durable. A change of one key costs the same however many keys there are.
 *
 * <p>Fails closed: a key that does not compile is removed.
 */
public final class Keyring {
  private final Lookups lookups;
  private final BiConsumer<NamespacedName, String> onFailure;
  private final Map<NamespacedName, InstanceTable> tables = new HashMap<>();
  private final Map<NamespacedName, Compiled> compiled = new HashMap<>();
  private final Map<PolicyVersion, Boolean> comparableByVersion = new HashMap<>();
  private final Map<NamespacedName, InstanceClaims> claims = new HashMap<>();

  /** By key: the instance whose claims it is part of. */
  private final Map<NamespacedName, NamespacedName> instanceByKey = new HashMap<>();

  /** Finds what keys refer to, in the caches of informers. */
  public interface Lookups {
    Optional<MapwrightInstance> instance(NamespacedName id);

    Optional<OriginPolicy> policy(String namespace, String name);

    List<ApiKey> keysOf(NamespacedName instance);

    List<ApiKey> keysWith(String namespace, String policy);

    Optional<ApiKey> key(NamespacedName id);

    /** Labels of a namespace; empty if they are not known. */
    Map<String, String> namespaceLabels(String namespace);
  }

  private record PolicyVersion(String uid, Long generation) {}

  private record Compiled(NamespacedName instance, CompiledKey key, long generation) {}

  /**
   * Creates a keyring without tables.
   *
   * @param onFailure receives each key that does not compile, and why
   */
  public Keyring(Lookups lookups, BiConsumer<NamespacedName, String> onFailure) {
    this.lookups = lookups;
    this.onFailure = onFailure;
  }

  /** Returns the instance that a key refers to. */
  public static NamespacedName instanceOf(ApiKey key) {
    var ref = key.getSpec().instanceRef();
    var namespace = Optional.ofNullable(ref.namespace()).orElse(key.getMetadata().getNamespace());
    return new NamespacedName(namespace, ref.name());
  }

  /**
   * Returns the table of an instance. The first call fills it with all known keys; a change of the
   * limits or the admitted namespaces recompiles them.
   */
  public synchronized LiveTable open(MapwrightInstance instance) {
    var id = NamespacedName.of(instance);
    var _ = claims(id, instance);
    var known = tables.get(id);
    if (known != null) {
      return known.live();
    }
    var table = new InstanceTable();
    tables.put(id, table);
    lookups.keysOf(id).forEach(this::set);
    table.live().complete();
    return table.live();
  }

  /** Collects the claims of all keys of the instance before the first of them is compiled. */
  private InstanceClaims claims(NamespacedName id, MapwrightInstance instance) {
    var known = claims.get(id);
    if (known != null && known.validFor(instance)) {
      return known;
    }
    var now = new InstanceClaims(instance, lookups::namespaceLabels, lookups::key);
    claims.put(id, now);
    var keys = lookups.keysOf(id);
    for (var key : keys) {
      instanceByKey.put(NamespacedName.of(key), id);
      var _ = now.set(key);
    }
    compileAll(keys);
    return now;
  }

  /** Twice, because a digest may pass to a key that is compiled before the one that loses it. */
  private void compileAll(Collection<ApiKey> keys) {
    keys.forEach(this::set);
    keys.forEach(this::set);
  }

  /** Sets the keys that sign session cookies. */
  public synchronized void sessions(MapwrightInstance instance, Map<String, String> keys) {
    var table = tables.get(NamespacedName.of(instance));
    if (table == null) {
      return;
    }
    for (var slot : Slot.values()) {
      var name = slot.name().toLowerCase(Locale.ROOT);
      var key = keys.get(name);
      if (key == null) {
        table.removeSession(name);
      } else {
        table.putSession(new SessionKeyEntry(slot, key).toMapEntry());
      }
    }
  }

  public synchronized void close(NamespacedName instance) {
    tables.remove(instance);
    claims.remove(instance);
    instanceByKey.values().removeIf(instance::equals);
    compiled.values().removeIf(c -> c.instance().equals(instance));
  }

  /**
   * Adds or updates a key.
   *
   * @return other keys that gained or lost a digest
   */
  public synchronized Set<NamespacedName> put(ApiKey key) {
    var id = NamespacedName.of(key);
    var instanceId = instanceOf(key);
    var oldInstance = instanceByKey.get(id);
    var changed = new LinkedHashSet<NamespacedName>();
    if (oldInstance != null && !oldInstance.equals(instanceId)) {
      changed.addAll(remove(id));
    }
    var instance = lookups.instance(instanceId);
    if (instance.isPresent() && claims.containsKey(instanceId)) {
      instanceByKey.put(id, instanceId);
      var others = claims(instanceId, instance.get()).set(key);
      // A key that loses a digest must release it before another key can hold it.
      setAll(others);
      set(key);
      setAll(others);
      changed.addAll(others);
    } else {
      // Claims depend on the instance: they are collected again once it exists.
      claims.remove(instanceId);
      set(key);
    }
    return changed;
  }

  /** Removes a deleted key; returns other keys that gained or lost a digest. */
  public synchronized Set<NamespacedName> remove(NamespacedName id) {
    var oldInstance = instanceByKey.remove(id);
    compiled.remove(id);
    if (oldInstance == null) {
      return Set.of();
    }
    var table = tables.get(oldInstance);
    if (table != null) {
      table.set(id, CompiledKey.NOTHING);
    }
    var known = claims.get(oldInstance);
    var others = known == null ? Set.<NamespacedName>of() : known.remove(id);
    setAll(others);
    return others;
  }

  /**
   * Handles new or changed labels of a namespace.
   *
   * @return keys affected by a change of what an instance permits the namespace
   */
  public synchronized Set<NamespacedName> namespaceChanged(String namespace) {
    var changed = new LinkedHashSet<NamespacedName>();
    for (var instance : List.copyOf(claims.keySet())) {
      var known = claims.get(instance);
      if (known == null || !known.outdated(namespace)) {
        continue;
      }
      known.invalidate(namespace);
      for (var key : lookups.keysOf(instance)) {
        if (namespace.equals(key.getMetadata().getNamespace())) {
          changed.add(NamespacedName.of(key));
          changed.addAll(known.set(key));
        }
      }
    }
    compileAll(changed.stream().map(lookups::key).flatMap(Optional::stream).toList());
    return changed;
  }

  /** Decides about a key, with the digests of the given status. */
  public synchronized KeyVerdict verdict(ApiKey key) {
    return verdict(key, instanceOf(key));
  }

  private KeyVerdict verdict(ApiKey key, NamespacedName instanceId) {
    var namespace = key.getMetadata().getNamespace();
    var host = lookups.instance(instanceId).map(instance -> claims(instanceId, instance));
    return KeyVerdict.of(
        key,
        new KeyReferences(
            host.map(claims -> claims.host(key)),
            NamedPolicies.of(key, name -> lookups.policy(namespace, name), this::comparable),
            host.map(claims -> claims.refusals(key)).orElse(Map.of())));
  }

  private void setAll(Set<NamespacedName> ids) {
    ids.stream().map(lookups::key).flatMap(Optional::stream).forEach(this::set);
  }

  private void set(ApiKey key) {
    var id = NamespacedName.of(key);
    var instanceId = instanceOf(key);
    var table = tables.get(instanceId);
    if (table != null) {
      var now = compile(key, instanceId);
      compiled.put(id, new Compiled(instanceId, now, table.set(id, now)));
    }
  }

  /** Handles a new, changed or deleted policy. */
  public synchronized void policyChanged(String namespace, String name) {
    comparableByVersion.clear();
    lookups.keysWith(namespace, name).forEach(this::set);
  }

  /**
   * Returns the first generation that enforces this state of a key; empty until the watch has
   * delivered that state.
   *
   * @param key with the status whose digests are meant
   */
  public synchronized OptionalLong enforcedFrom(ApiKey key) {
    var known = compiled.get(NamespacedName.of(key));
    return known != null
            && known.instance().equals(instanceOf(key))
            && known.key().entries().equals(compile(key, known.instance()).entries())
        ? OptionalLong.of(known.generation())
        : OptionalLong.empty();
  }

  /** The entries of a key in the table of its instance. */
  synchronized CompiledKey entriesOf(NamespacedName key) {
    return Optional.ofNullable(compiled.get(key)).map(Compiled::key).orElse(CompiledKey.NOTHING);
  }

  /** Number of digests that an instance accepts. */
  public synchronized int size(NamespacedName instance) {
    var table = tables.get(instance);
    return table == null ? 0 : table.size();
  }

  /** Computed once for each version: thousands of keys may share a policy. */
  private boolean comparable(OriginPolicy policy) {
    var meta = policy.getMetadata();
    var version = new PolicyVersion(meta.getUid(), meta.getGeneration());
    return comparableByVersion.computeIfAbsent(version, _ -> PolicyOrigins.comparable(policy));
  }

  private CompiledKey compile(ApiKey key, NamespacedName instanceId) {
    try {
      return KeyCompiler.compile(verdict(key, instanceId));
    } catch (IllegalArgumentException | DateTimeException e) {
      onFailure.accept(NamespacedName.of(key), String.valueOf(e.getMessage()));
      return CompiledKey.NOTHING;
    }
  }
}
