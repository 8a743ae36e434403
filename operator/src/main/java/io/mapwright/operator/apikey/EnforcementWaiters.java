package io.mapwright.operator.apikey;

import io.mapwright.operator.model.NamespacedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys that wait until the gateways of their instance hold some generation of its table. Each is
 * released once, however many generations pass, so a burst of keys costs one more pass for each.
 */
final class EnforcementWaiters {
  private final Map<NamespacedName, NavigableMap<Long, Set<NamespacedName>>> keys = new HashMap<>();

  synchronized void add(NamespacedName instance, NamespacedName key, long generation) {
    keys.computeIfAbsent(instance, _ -> new TreeMap<>())
        .computeIfAbsent(generation, _ -> new HashSet<>())
        .add(key);
  }

  /** Removes a key that need not wait. */
  synchronized void remove(NamespacedName instance, NamespacedName key, long generation) {
    var waiting = keys.get(instance);
    var group = waiting == null ? null : waiting.get(generation);
    if (waiting != null && group != null && group.remove(key) && group.isEmpty()) {
      waiting.remove(generation);
    }
  }

  /** Removes and returns the keys that waited for this generation or an earlier one. */
  synchronized List<NamespacedName> reached(NamespacedName instance, long generation) {
    var waiting = keys.get(instance);
    if (waiting == null) {
      return List.of();
    }
    var reached = new ArrayList<NamespacedName>();
    var done = waiting.headMap(generation, true);
    done.values().forEach(reached::addAll);
    done.clear();
    if (waiting.isEmpty()) {
      keys.remove(instance);
    }
    return reached;
  }
}
