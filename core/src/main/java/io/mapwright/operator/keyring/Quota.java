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
 * Which keys of a guest namespace are within its maximum number of keys: the oldest. A change takes
 * time logarithmic in their number. Not thread-safe.
 */
final class Quota {
  private final int maxKeys;
  private final TreeSet<Place> within = new TreeSet<>();
  private final TreeSet<Place> excess = new TreeSet<>();
  private final Map<NamespacedName, Place> places = new HashMap<>();

  private record Place(NamespacedName key, String since, String uid) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return OldestWins.compare(since, uid, other.since, other.uid);
    }
  }

  Quota(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  /**
   * Counts a key.
   *
   * @return other keys that this moved into or out of the quota
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
      free(before, moved);
    }
    within.add(place);
    if (within.size() > maxKeys) {
      var last = within.removeLast();
      excess.add(last);
      moved.add(last.key());
    }
    moved.remove(id);
    return moved;
  }

  /**
   * Removes a key that does not count any more; returns the keys that this moved into the quota.
   */
  Set<NamespacedName> remove(NamespacedName key) {
    var place = places.remove(key);
    var moved = new LinkedHashSet<NamespacedName>();
    if (place != null) {
      free(place, moved);
    }
    return moved;
  }

  private void free(Place place, Set<NamespacedName> moved) {
    if (!excess.remove(place) && within.remove(place) && !excess.isEmpty()) {
      var next = excess.removeFirst();
      within.add(next);
      moved.add(next.key());
    }
  }

  /** Whether a key exceeds the quota. */
  boolean isExceededBy(ApiKey key) {
    var place = places.get(NamespacedName.of(key));
    return place != null && excess.contains(place);
  }
}
