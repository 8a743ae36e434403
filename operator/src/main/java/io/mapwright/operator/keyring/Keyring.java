package io.mapwright.operator.keyring;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.SessionKeyEntry;
import io.mapwright.operator.gateway.SessionKeyEntry.Slot;
import io.mapwright.operator.keyring.KeyCompiler.CompiledKey;
import io.mapwright.operator.push.LiveTable;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of all instances, kept in step with what the API server holds. {@code ApiKey} status
 * is the durable table; this is its compiled form, fed by watch events, so what a gateway is told
 * was durable before. One changed key costs the same however many there are.
 *
 * <p>Fails closed: a key that does not compile is taken out.
 */
public final class Keyring {
  private static final Logger log = LoggerFactory.getLogger(Keyring.class);

  private final Lookups lookups;
  private final Map<ResourceID, InstanceTable> tables = new HashMap<>();
  private final Map<ResourceID, Compiled> compiled = new HashMap<>();
  private final Map<PolicyVersion, Boolean> judgements = new HashMap<>();
  private final Map<ResourceID, InstanceVersion> versions = new HashMap<>();

  /** Where the keyring finds what keys refer to; answered from informers. */
  public interface Lookups {
    Optional<MapwrightInstance> instance(ResourceID id);

    Optional<OriginPolicy> policy(String namespace, String name);

    List<ApiKey> keysOf(ResourceID instance);

    List<ApiKey> keysWith(String namespace, String policy);

    /** Keys that claim this digest, in lower-case hex. */
    List<ApiKey> keysGiving(String digest);
  }

  private record PolicyVersion(String uid, Long generation) {}

  /** What of an instance the entries of its keys depend on. */
  private record InstanceVersion(String uid, @Nullable Access access) {}

  private record Compiled(
      ResourceID instance, CompiledKey key, List<String> claims, long generation) {}

  public Keyring(Lookups lookups) {
    this.lookups = lookups;
  }

  /** Returns the instance that a key refers to. */
  public static ResourceID instanceOf(ApiKey key) {
    var ref = key.getSpec().instanceRef();
    var namespace = Optional.ofNullable(ref.namespace()).orElse(key.getMetadata().getNamespace());
    return new ResourceID(ref.name(), namespace);
  }

  /**
   * Returns the table of an instance. At first sight it is filled with all keys known; other limits
   * or admitted namespaces compile them anew.
   */
  public synchronized LiveTable open(MapwrightInstance instance) {
    var id = ResourceID.fromResource(instance);
    var table = tables.get(id);
    var version = new InstanceVersion(instance.getMetadata().getUid(), instance.getSpec().access());
    var before = versions.put(id, version);
    if (table != null && !version.equals(before)) {
      instanceChanged(id);
    }
    if (table == null) {
      table = new InstanceTable();
      tables.put(id, table);
      for (var key : lookups.keysOf(id)) {
        put(key);
      }
      table.live().complete();
    }
    return table.live();
  }

  /** Sets the keys that sign session cookies. */
  public synchronized void sessions(MapwrightInstance instance, Map<String, String> keys) {
    var table = tables.get(ResourceID.fromResource(instance));
    if (table == null) {
      return;
    }
    for (var slot : Slot.values()) {
      var name = slot.name().toLowerCase(Locale.ROOT);
      var key = keys.get(name);
      if (key == null) {
        table.withoutSession(name);
      } else {
        table.session(new SessionKeyEntry(slot, key).toMapEntry());
      }
    }
  }

  public synchronized void close(ResourceID instance) {
    tables.remove(instance);
    versions.remove(instance);
    compiled.values().removeIf(c -> c.instance().equals(instance));
  }

  /** A key is new or changed. */
  public synchronized void put(ApiKey key) {
    var id = ResourceID.fromResource(key);
    var before = compiled.get(id);
    if (before != null && !before.instance().equals(instanceOf(key))) {
      remove(id);
    }
    // Keys that have the same digest and must not let go of it first.
    rivals(key).filter(other -> !id.equals(ResourceID.fromResource(other))).forEach(this::set);
    set(key);
    if (before != null) {
      handOn(before);
    }
  }

  /** A key is gone. */
  public synchronized void remove(ResourceID id) {
    var before = compiled.remove(id);
    var table = before == null ? null : tables.get(before.instance());
    if (before != null && table != null) {
      table.set(id, CompiledKey.NOTHING);
      handOn(before);
    }
  }

  private void set(ApiKey key) {
    var id = ResourceID.fromResource(key);
    var instanceId = instanceOf(key);
    var table = tables.get(instanceId);
    if (table != null) {
      var now = compile(key, instanceId);
      var claims = KeyCompiler.claims(key);
      compiled.put(id, new Compiled(instanceId, now, claims, table.set(id, now)));
    }
  }

  /** What a key had or cut may now belong to another that gives the same digest. */
  private void handOn(Compiled before) {
    before.claims().forEach(digest -> lookups.keysGiving(digest).forEach(this::set));
  }

  private Stream<ApiKey> rivals(ApiKey key) {
    return KeyCompiler.claims(key).stream().map(lookups::keysGiving).flatMap(List::stream);
  }

  /** A policy is new, changed or gone. */
  public synchronized void policyChanged(String namespace, String name) {
    judgements.clear();
    lookups.keysWith(namespace, name).forEach(this::put);
  }

  /** An instance's limits or admitted namespaces changed. */
  public synchronized void instanceChanged(ResourceID instance) {
    lookups.keysOf(instance).forEach(this::put);
  }

  /**
   * Returns the generation from which on gateways enforce this very state of a key; empty while the
   * watch has not brought it yet.
   *
   * @param key with the status whose digests count
   */
  public synchronized OptionalLong enforcedFrom(ApiKey key) {
    var known = compiled.get(ResourceID.fromResource(key));
    return known != null
            && known.instance().equals(instanceOf(key))
            && known.key().entries().equals(compile(key, known.instance()).entries())
        ? OptionalLong.of(known.generation())
        : OptionalLong.empty();
  }

  /** What a key has in the table of its instance. */
  synchronized CompiledKey entriesOf(ResourceID key) {
    return Optional.ofNullable(compiled.get(key)).map(Compiled::key).orElse(CompiledKey.NOTHING);
  }

  /** Number of digests that are accepted, by instance. */
  public synchronized int size(ResourceID instance) {
    var table = tables.get(instance);
    return table == null ? 0 : table.size();
  }

  /** Judged once a version: thousands of keys may share a policy. */
  private boolean comparable(OriginPolicy policy) {
    var meta = policy.getMetadata();
    var version = new PolicyVersion(meta.getUid(), meta.getGeneration());
    return judgements.computeIfAbsent(version, _ -> KeyCompiler.comparable(policy));
  }

  /** Two objects with one digest: the older one keeps it, whichever was seen first. */
  private boolean lost(ApiKey key, MapwrightInstance instance, String digest) {
    return lookups.keysGiving(digest).stream()
        .anyMatch(other ->
            KeyCompiler.cuts(other, key, digest, instance) || KeyCompiler.precedes(other, key));
  }

  private CompiledKey compile(ApiKey key, ResourceID instanceId) {
    try {
      Function<String, Optional<OriginPolicy>> policies =
          name -> lookups.policy(key.getMetadata().getNamespace(), name).filter(this::comparable);
      return lookups
          .instance(instanceId)
          .map(instance ->
              KeyCompiler.compile(key, instance, policies, digest -> lost(key, instance, digest)))
          .orElse(CompiledKey.NOTHING);
    } catch (IllegalArgumentException | DateTimeException e) {
      log.warn(
          "ApiKey {}/{} is denied, it does not compile: {}",
          key.getMetadata().getNamespace(),
          key.getMetadata().getName(),
          e.getMessage());
      return CompiledKey.NOTHING;
    }
  }
}
