package io.mapwright.operator.keyring;

import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.keyring.DigestRefusal.Kind;
import io.mapwright.operator.model.NamespacedName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which key holds and which keys cut each digest on one instance. A change of one key takes time
 * logarithmic in the number of keys, however many of them claim one digest. Not thread-safe.
 */
final class DigestIndex {
  /** Scope of a cut that applies to all namespaces; not a valid name of one. */
  static final String ALL_NAMESPACES = "";

  /** Sorts after every namespace. */
  private static final String AFTER_ALL = "~";

  private final Map<NamespacedName, Claim> claims = new HashMap<>();

  /** By key id: the only claimant. Nearly all keys are here. */
  private final Map<String, Held> sole = new HashMap<>();

  /** By key id: the claimants, where there are or were several. */
  private final Map<String, Contenders> contested = new HashMap<>();

  /** By digest: the only key that cuts it. Nearly all cuts are here, which saves memory. */
  private final Map<String, Cutter> soleCuts = new HashMap<>();

  /** By digest, then by scope: the keys that cut it, where there are or were several. */
  private final Map<String, Map<String, TreeSet<NamespacedName>>> cuts = new HashMap<>();

  /** A digest and a key that holds it. */
  private record Held(Claim claim, String digest) implements Comparable<Held> {
    @Override
    public int compareTo(Held other) {
      var byClaim = claim.compareTo(other.claim);
      return byClaim == 0 ? digest.compareTo(other.digest) : byClaim;
    }

    Group group() {
      return new Group(digest, claim.key().namespace());
    }
  }

  /** A key that cuts a digest, and the scope of the cut. */
  private record Cutter(String scope, NamespacedName key) {}

  /** The keys of one namespace that hold one digest: what a cut with that scope denies. */
  private record Group(String digest, String namespace) {}

  /**
   * Replaces what a key claims.
   *
   * @return other keys that gained or lost a digest
   */
  Set<NamespacedName> set(Claim now) {
    var before = claims.put(now.key(), now);
    return now.equals(before) ? Set.of() : replace(before == null ? now.none() : before, now);
  }

  /** Removes the claim of a deleted key; returns other keys that gained or lost a digest. */
  Set<NamespacedName> remove(NamespacedName key) {
    var before = claims.remove(key);
    return before == null ? Set.of() : replace(before, before.none());
  }

  private Set<NamespacedName> replace(Claim before, Claim now) {
    // A change of precedence affects what it holds even if the digests are the same.
    var moved = before.compareTo(now) != 0 || before.host() != now.host();
    var touched = new HashSet<String>();
    for (var digest : before.held()) {
      if (moved || !now.held().contains(digest)) {
        touched.add(digest);
      }
    }
    now.held().stream().filter(d -> moved || !before.held().contains(d)).forEach(touched::add);
    before.cut().stream().filter(d -> moved || !now.cut().contains(d)).forEach(touched::add);
    now.cut().stream().filter(d -> moved || !before.cut().contains(d)).forEach(touched::add);
    var changed = new LinkedHashSet<NamespacedName>();
    for (var digest : touched) {
      var id = id(digest);
      var had = holder(id);
      if (before.held().contains(digest)) {
        remove(id, new Held(before, digest));
      }
      if (before.cut().contains(digest)) {
        removeCut(digest, before);
      }
      if (now.cut().contains(digest)) {
        addCut(digest, now);
      }
      if (now.held().contains(digest)) {
        add(id, new Held(now, digest));
      }
      var has = holder(id);
      if (!key(had).equals(key(has)) || !digest(had).equals(digest(has))) {
        key(had).ifPresent(changed::add);
        key(has).ifPresent(changed::add);
      }
    }
    changed.remove(now.key());
    return changed;
  }

  /**
   * Returns why a digest is not accepted for a key.
   *
   * @param mine what the key claims; may be newer than the claim that was set
   */
  Optional<DigestRefusal> refusal(Claim mine, String digest) {
    var by = cutter(digest, mine.key().namespace());
    if (by != null) {
      return Optional.of(new DigestRefusal(Kind.CUT, by));
    }
    if (mine.cut().contains(digest)) {
      return Optional.of(new DigestRefusal(Kind.CUT, mine.key()));
    }
    var holder = holder(id(digest));
    return holder == null
            || holder.claim().key().equals(mine.key())
            || holder.claim().compareTo(mine) > 0
        ? Optional.empty()
        : Optional.of(
            new DigestRefusal(
                holder.digest().equals(digest) ? Kind.HELD : Kind.ID_TAKEN, holder.claim().key()));
  }

  /** The claim of a key that was set. */
  Optional<Claim> claim(NamespacedName key) {
    return Optional.ofNullable(claims.get(key));
  }

  private @Nullable Held holder(String id) {
    var contenders = contested.get(id);
    if (contenders != null) {
      return contenders.first();
    }
    var only = sole.get(id);
    return only == null || isCut(only.group()) ? null : only;
  }

  private void add(String id, Held held) {
    var contenders = contested.get(id);
    if (contenders == null) {
      var only = sole.putIfAbsent(id, held);
      if (only == null) {
        return;
      }
      sole.remove(id);
      contenders = new Contenders();
      contested.put(id, contenders);
      contenders.add(only);
    }
    contenders.add(held);
  }

  private void remove(String id, Held held) {
    var contenders = contested.get(id);
    if (contenders == null) {
      sole.remove(id, held);
    } else if (contenders.remove(held)) {
      contested.remove(id);
    }
  }

  private void addCut(String digest, Claim by) {
    var now = new Cutter(by.scope(), by.key());
    if (cuts.containsKey(digest)) {
      addSharedCut(digest, now);
    } else {
      var only = soleCuts.putIfAbsent(digest, now);
      if (only != null && !only.equals(now)) {
        soleCuts.remove(digest);
        addSharedCut(digest, only);
        addSharedCut(digest, now);
      }
    }
    cutsChanged(digest);
  }

  private void addSharedCut(String digest, Cutter cutter) {
    cuts.computeIfAbsent(digest, _ -> new HashMap<>(2))
        .computeIfAbsent(cutter.scope(), _ -> new TreeSet<>())
        .add(cutter.key());
  }

  private void removeCut(String digest, Claim by) {
    if (soleCuts.remove(digest, new Cutter(by.scope(), by.key()))) {
      cutsChanged(digest);
      return;
    }
    var scopes = cuts.get(digest);
    var keys = scopes == null ? null : scopes.get(by.scope());
    if (scopes == null || keys == null) {
      return;
    }
    keys.remove(by.key());
    if (keys.isEmpty()) {
      scopes.remove(by.scope());
    }
    if (scopes.isEmpty()) {
      cuts.remove(digest);
    }
    cutsChanged(digest);
  }

  private void cutsChanged(String digest) {
    var contenders = contested.get(id(digest));
    if (contenders != null) {
      contenders.cutsChanged(digest);
    }
  }

  private boolean isCut(Group group) {
    return cutter(group.digest(), group.namespace()) != null;
  }

  private @Nullable NamespacedName cutter(String digest, String namespace) {
    var only = soleCuts.get(digest);
    if (only != null) {
      return only.scope().equals(ALL_NAMESPACES) || only.scope().equals(namespace)
          ? only.key()
          : null;
    }
    var scopes = cuts.get(digest);
    if (scopes == null) {
      return null;
    }
    var keys = scopes.getOrDefault(ALL_NAMESPACES, scopes.get(namespace));
    return keys == null ? null : keys.first();
  }

  private static Optional<NamespacedName> key(@Nullable Held held) {
    return Optional.ofNullable(held).map(Held::claim).map(Claim::key);
  }

  private static Optional<String> digest(@Nullable Held held) {
    return Optional.ofNullable(held).map(Held::digest);
  }

  private static String id(String digest) {
    return ApiKeyFormat.keyId(digest);
  }

  /** Several keys with one key id: the first of each group is a candidate to hold it. */
  private final class Contenders {
    private final TreeMap<Group, TreeSet<Held>> groups = new TreeMap<>(Contenders::compare);
    private final TreeSet<Held> candidates = new TreeSet<>();

    @Nullable Held first() {
      return candidates.isEmpty() ? null : candidates.first();
    }

    void add(Held held) {
      var group = groups.computeIfAbsent(held.group(), _ -> new TreeSet<>());
      removeCandidate(group);
      group.add(held);
      addCandidate(held.group(), group);
    }

    /** Removes a key; returns whether none is left. */
    boolean remove(Held held) {
      var group = groups.get(held.group());
      if (group != null) {
        removeCandidate(group);
        group.remove(held);
        addCandidate(held.group(), group);
        if (group.isEmpty()) {
          groups.remove(held.group());
        }
      }
      return groups.isEmpty();
    }

    /** Updates the candidates after a change of the cuts of a digest. */
    void cutsChanged(String digest) {
      groups
          .subMap(new Group(digest, ALL_NAMESPACES), new Group(digest, AFTER_ALL))
          .forEach((of, group) -> {
            removeCandidate(group);
            addCandidate(of, group);
          });
    }

    private void removeCandidate(SortedSet<Held> group) {
      if (!group.isEmpty()) {
        candidates.remove(group.first());
      }
    }

    private void addCandidate(Group of, SortedSet<Held> group) {
      if (!group.isEmpty() && !isCut(of)) {
        candidates.add(group.first());
      }
    }

    private static int compare(Group a, Group b) {
      var byDigest = a.digest().compareTo(b.digest());
      return byDigest == 0 ? a.namespace().compareTo(b.namespace()) : byDigest;
    }
  }
}
