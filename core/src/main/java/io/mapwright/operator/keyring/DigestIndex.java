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
 * Who has and who cuts which digest on one instance. A change of one key costs the logarithm of the
 * number of keys, however many of them claim one digest. Not thread-safe.
 */
final class DigestIndex {
  /** Scope of a cut that counts for the keys of every namespace; no namespace is called so. */
  static final String EVERYBODY = "";

  /** Sorts behind every namespace. */
  private static final String BEHIND_ALL = "~";

  private final Map<NamespacedName, Claim> claims = new HashMap<>();

  /** By the name of a key in logs: the only claimant. Nearly all keys are here. */
  private final Map<String, Held> sole = new HashMap<>();

  /** By the same, where there are or were several. */
  private final Map<String, Contest> contested = new HashMap<>();

  /** By digest: the only key that cuts it. Nearly all cuts are here, so they are kept small. */
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

    Side side() {
      return new Side(digest, claim.key().namespace());
    }
  }

  /** A key that cuts, and whose keys it cuts. */
  private record Cutter(String scope, NamespacedName key) {}

  /** What a cut of one namespace is about. */
  private record Side(String digest, String namespace) {}

  /**
   * Replaces what a key claims.
   *
   * @return other keys that had a digest and have it no more, or the other way round
   */
  Set<NamespacedName> set(Claim now) {
    var before = claims.put(now.key(), now);
    return now.equals(before) ? Set.of() : replace(before == null ? now.none() : before, now);
  }

  /** The same of a key that is gone. */
  Set<NamespacedName> remove(NamespacedName key) {
    var before = claims.remove(key);
    return before == null ? Set.of() : replace(before, before.none());
  }

  private Set<NamespacedName> replace(Claim before, Claim now) {
    // Another standing moves what it holds even where the digests stay.
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
        uncut(digest, before);
      }
      if (now.cut().contains(digest)) {
        cut(digest, now);
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
   * Returns why a digest does not open for a key.
   *
   * @param mine what the key claims, which may be newer than what was set
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

  /** What a key claims, as was set. */
  Optional<Claim> claim(NamespacedName key) {
    return Optional.ofNullable(claims.get(key));
  }

  private @Nullable Held holder(String id) {
    var contest = contested.get(id);
    if (contest != null) {
      return contest.first();
    }
    var only = sole.get(id);
    return only == null || isCut(only.side()) ? null : only;
  }

  private void add(String id, Held held) {
    var contest = contested.get(id);
    if (contest == null) {
      var only = sole.putIfAbsent(id, held);
      if (only == null) {
        return;
      }
      sole.remove(id);
      contest = new Contest();
      contested.put(id, contest);
      contest.add(only);
    }
    contest.add(held);
  }

  private void remove(String id, Held held) {
    var contest = contested.get(id);
    if (contest == null) {
      sole.remove(id, held);
    } else if (contest.remove(held)) {
      contested.remove(id);
    }
  }

  private void cut(String digest, Claim by) {
    var now = new Cutter(by.scope(), by.key());
    if (cuts.containsKey(digest)) {
      among(digest, now);
    } else {
      var only = soleCuts.putIfAbsent(digest, now);
      if (only != null && !only.equals(now)) {
        soleCuts.remove(digest);
        among(digest, only);
        among(digest, now);
      }
    }
    judge(digest);
  }

  private void among(String digest, Cutter cutter) {
    cuts.computeIfAbsent(digest, _ -> new HashMap<>(2))
        .computeIfAbsent(cutter.scope(), _ -> new TreeSet<>())
        .add(cutter.key());
  }

  private void uncut(String digest, Claim by) {
    if (soleCuts.remove(digest, new Cutter(by.scope(), by.key()))) {
      judge(digest);
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
    judge(digest);
  }

  private void judge(String digest) {
    var contest = contested.get(id(digest));
    if (contest != null) {
      contest.judge(digest);
    }
  }

  private boolean isCut(Side side) {
    return cutter(side.digest(), side.namespace()) != null;
  }

  private @Nullable NamespacedName cutter(String digest, String namespace) {
    var only = soleCuts.get(digest);
    if (only != null) {
      return only.scope().equals(EVERYBODY) || only.scope().equals(namespace) ? only.key() : null;
    }
    var scopes = cuts.get(digest);
    if (scopes == null) {
      return null;
    }
    var keys = scopes.getOrDefault(EVERYBODY, scopes.get(namespace));
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

  /** Several keys that logs would call by one name: each namespace sends its first. */
  private final class Contest {
    private final TreeMap<Side, TreeSet<Held>> sides = new TreeMap<>(Contest::compare);
    private final TreeSet<Held> heads = new TreeSet<>();

    @Nullable Held first() {
      return heads.isEmpty() ? null : heads.first();
    }

    void add(Held held) {
      var side = sides.computeIfAbsent(held.side(), _ -> new TreeSet<>());
      headGoes(side);
      side.add(held);
      headComes(held.side(), side);
    }

    /** Says whether nobody is left. */
    boolean remove(Held held) {
      var side = sides.get(held.side());
      if (side != null) {
        headGoes(side);
        side.remove(held);
        headComes(held.side(), side);
        if (side.isEmpty()) {
          sides.remove(held.side());
        }
      }
      return sides.isEmpty();
    }

    /** A digest is cut by others than before. */
    void judge(String digest) {
      sides
          .subMap(new Side(digest, EVERYBODY), new Side(digest, BEHIND_ALL))
          .forEach((of, side) -> {
            headGoes(side);
            headComes(of, side);
          });
    }

    private void headGoes(SortedSet<Held> side) {
      if (!side.isEmpty()) {
        heads.remove(side.first());
      }
    }

    private void headComes(Side of, SortedSet<Held> side) {
      if (!side.isEmpty() && !isCut(of)) {
        heads.add(side.first());
      }
    }

    private static int compare(Side a, Side b) {
      var byDigest = a.digest().compareTo(b.digest());
      return byDigest == 0 ? a.namespace().compareTo(b.namespace()) : byDigest;
    }
  }
}
