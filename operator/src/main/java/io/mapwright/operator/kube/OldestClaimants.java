package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OldestWins;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The oldest of the objects that claim a value, such as a host. A change takes logarithmic time in
 * the number of claimants, a lookup constant time.
 */
public final class OldestClaimants<P extends HasMetadata> {
  private final Function<P, List<String>> claims;
  private final Map<String, TreeSet<Claimant>> claimants = new HashMap<>();

  private record Claimant(NamespacedName id, String since, String uid)
      implements Comparable<Claimant> {
    static Claimant of(HasMetadata object) {
      var meta = object.getMetadata();
      return new Claimant(NamespacedName.of(object), meta.getCreationTimestamp(), meta.getUid());
    }

    @Override
    public int compareTo(Claimant other) {
      return OldestWins.compare(since, uid, other.since, other.uid);
    }
  }

  public OldestClaimants(Function<P, List<String>> claims) {
    this.claims = claims;
  }

  /** Returns the owner of a value, unless that is the given object or a younger one. */
  public synchronized Optional<NamespacedName> before(P object, String thing) {
    var all = claimants.get(thing);
    return Optional.ofNullable(all)
        .map(TreeSet::first)
        .filter(first -> first.compareTo(Claimant.of(object)) < 0)
        .map(Claimant::id);
  }

  /** Returns the owner of a value. */
  public synchronized Optional<NamespacedName> first(String thing) {
    return Optional.ofNullable(claimants.get(thing)).map(TreeSet::first).map(Claimant::id);
  }

  /** Handles every change of an object. */
  public synchronized void changed(@Nullable P before, @Nullable P now) {
    if (before != null) {
      var claimant = Claimant.of(before);
      for (var thing : new HashSet<>(claims.apply(before))) {
        var all = claimants.get(thing);
        if (all != null && all.remove(claimant) && all.isEmpty()) {
          claimants.remove(thing);
        }
      }
    }
    if (now != null) {
      var claimant = Claimant.of(now);
      claims
          .apply(now)
          .forEach(thing -> claimants.computeIfAbsent(thing, _ -> new TreeSet<>()).add(claimant));
    }
  }
}
