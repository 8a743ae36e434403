package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OldestWins;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys of a guest namespace are within the number that it may have: the oldest. A change
 * costs the logarithm of their number. Not thread-safe.
 */
final class Quota {
  private final int most;
  private final TreeSet<Place> within = new TreeSet<>();
  private final TreeSet<Place> beyond = new TreeSet<>();
  private final Map<NamespacedName, Place> places = new HashMap<>();

  private record Place(NamespacedName key, String since, String uid) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return OldestWins.compare(since, uid, other.since, other.uid);
    }
  }

  Quota(int most) {
    this.most = most;
  }

  /**
   * Counts a key.
   *
   * @return other keys that are now within or beyond, and were not
   */
  Set<NamespacedName> add(ApiKey key) {
    var meta = key.getMetadata();
    var id = NamespacedName.of(key);
    var place = new Place(id, meta.getCreationTimestamp(), meta.getUid());
    var before = places.put(id, place);
    if (place.equals(before)) {
      return Set.of();
    }
    var moved = new LinkedHashSet<NamespacedName>();
    if (before != null) {
      leave(before, moved);
    }
    within.add(place);
    if (within.size() > most) {
      var last = within.removeLast();
      beyond.add(last);
      moved.add(last.key());
    }
    moved.remove(id);
    return moved;
  }

  /** The same of a key that counts no more. */
  Set<NamespacedName> remove(NamespacedName key) {
    var place = places.remove(key);
    var moved = new LinkedHashSet<NamespacedName>();
    if (place != null) {
      leave(place, moved);
    }
    return moved;
  }

  private void leave(Place place, Set<NamespacedName> moved) {
    if (!beyond.remove(place) && within.remove(place) && !beyond.isEmpty()) {
      var next = beyond.removeFirst();
      within.add(next);
      moved.add(next.key());
    }
  }

  /** Whether a key is one too many. */
  boolean isBeyond(ApiKey key) {
    var place = places.get(NamespacedName.of(key));
    return place != null && beyond.contains(place);
  }
}
