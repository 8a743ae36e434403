package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.AllowedOrigin;
import io.mapwright.operator.gateway.GatewayMap;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.MapEntry;
import io.mapwright.operator.gateway.OriginEntry;
import io.mapwright.operator.keyring.KeyCompiler.CompiledKey;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.LiveTable;
import io.mapwright.operator.table.TableMaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table of one instance, and which key each entry belongs to. A change of one key touches only
 * that key's entries. Not thread-safe; {@link Keyring} holds a lock.
 */
final class InstanceTable {
  private static final GatewayPaths PATHS = GatewayPaths.DEFAULTS;
  private static final TableMaps MAPS =
      new TableMaps(
          PATHS.map(GatewayMap.META),
          List.of(
              PATHS.map(GatewayMap.SESSION),
              PATHS.map(GatewayMap.ORIGINS),
              PATHS.map(GatewayMap.KEYS)));

  private final LiveTable live = LiveTable.create(MAPS);
  private final Map<NamespacedName, CompiledKey> keys = new HashMap<>();
  private final Map<String, NamespacedName> digestOwners = new HashMap<>();
  private final Map<String, OriginSet> originSets = new HashMap<>();
  private final Map<AllowedOrigin, Integer> preflights = new HashMap<>();

  LiveTable live() {
    return live;
  }

  Set<NamespacedName> keys() {
    return Set.copyOf(keys.keySet());
  }

  int size() {
    return digestOwners.size();
  }

  /**
   * Replaces the entries of a key.
   *
   * @return the first generation that contains them
   */
  long set(NamespacedName id, CompiledKey compiled) {
    var before = Optional.ofNullable(keys.get(id)).orElse(CompiledKey.NOTHING);
    var changes = new ArrayList<Change>();
    var now = new HashSet<String>();
    for (var entry : compiled.entries()) {
      // Two objects with one digest: the first keeps it, the status of the other reports that.
      if (id.equals(digestOwners.computeIfAbsent(entry.digestHex(), _ -> id))) {
        changes.add(put(entry.toMapEntry()));
        now.add(entry.digestHex());
      }
    }
    for (var entry : before.entries()) {
      if (!now.contains(entry.digestHex()) && digestOwners.remove(entry.digestHex(), id)) {
        changes.add(remove(entry));
      }
    }
    origins(id, before, compiled, changes);
    if (compiled.entries().isEmpty()) {
      keys.remove(id);
    } else {
      keys.put(id, compiled);
    }
    return live.apply(changes);
  }

  /** Sets a session-signing key. */
  void putSession(MapEntry entry) {
    live.apply(List.of(put(entry)));
  }

  /** Removes the session-signing key of a slot. */
  void removeSession(String slot) {
    live.apply(List.of(Change.remove(PATHS.map(GatewayMap.SESSION), slot)));
  }

  private void origins(
      NamespacedName id, CompiledKey before, CompiledKey after, List<Change> changes) {
    var oldSet = before.policies().isEmpty() ? null : PolicyOrigins.setName(before.policies());
    var newSet = after.policies().isEmpty() ? null : PolicyOrigins.setName(after.policies());
    if (newSet != null) {
      var set = originSets.computeIfAbsent(newSet, _ -> new OriginSet());
      set.users.add(id);
      changes.addAll(set.update(newSet, after.policies()));
    }
    if (oldSet != null && !oldSet.equals(newSet)) {
      var set = originSets.get(oldSet);
      if (set != null && set.users.remove(id) && set.users.isEmpty()) {
        changes.addAll(set.update(oldSet, List.of()));
        originSets.remove(oldSet);
      }
    }
  }

  private static Change put(MapEntry entry) {
    return Change.put(PATHS.map(entry.map()), entry.key(), entry.value());
  }

  private static Change remove(KeyEntry entry) {
    return Change.remove(PATHS.map(GatewayMap.KEYS), entry.toMapEntry().key());
  }

  /** Preflights carry no key: an origin gets credentials while any set allows it credentials. */
  private void countPreflight(AllowedOrigin origin, int difference, List<Change> changes) {
    var before = preflights.getOrDefault(origin, 0);
    var now = preflights.merge(origin, difference, Integer::sum);
    var entry = OriginEntry.credentialsOnPreflight(origin);
    if (before == 0 && now > 0) {
      changes.add(put(entry));
    } else if (now == 0) {
      preflights.remove(origin);
      changes.add(Change.remove(PATHS.map(GatewayMap.ORIGINS), entry.key()));
    }
  }

  /** The origins that several keys share. */
  private final class OriginSet {
    private final Set<NamespacedName> users = new HashSet<>();
    private Set<OriginEntry> entries = Set.of();
    private Set<AllowedOrigin> credentials = Set.of();
    private List<String> versions = List.of();

    List<Change> update(String name, List<OriginPolicy> policies) {
      // Thousands of keys may share a set: its origins are compared only if a policy has changed.
      var versionsNow =
          policies.stream()
              .map(p -> p.getMetadata().getUid() + ":" + p.getMetadata().getGeneration())
              .toList();
      if (versionsNow.equals(versions) && !policies.isEmpty()) {
        return List.of();
      }
      versions = versionsNow;
      var next = new HashSet<OriginEntry>();
      for (var policy : policies) {
        policy
            .getSpec()
            .origins()
            .forEach(origin -> next.add(new OriginEntry(name, AllowedOrigin.parse(origin))));
      }
      var changes = new ArrayList<Change>();
      next.stream()
          .filter(e -> !entries.contains(e))
          .forEach(e -> changes.add(put(e.toMapEntry())));
      entries.stream()
          .filter(e -> !next.contains(e))
          .forEach(
              e -> changes.add(Change.remove(PATHS.map(GatewayMap.ORIGINS), e.toMapEntry().key())));
      entries = next;
      credentials(policies, changes);
      return changes;
    }

    private void credentials(List<OriginPolicy> policies, List<Change> changes) {
      Set<AllowedOrigin> next =
          PolicyOrigins.allowCredentials(policies)
              ? entries.stream().map(OriginEntry::origin).collect(Collectors.toSet())
              : Set.of();
      for (var origin : next) {
        if (!credentials.contains(origin)) {
          countPreflight(origin, 1, changes);
        }
      }
      for (var origin : credentials) {
        if (!next.contains(origin)) {
          countPreflight(origin, -1, changes);
        }
      }
      credentials = next;
    }
  }
}
