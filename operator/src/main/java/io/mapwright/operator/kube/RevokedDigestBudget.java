package io.mapwright.operator.kube;

import io.mapwright.operator.model.NamespacedName;
import java.util.HashMap;
import java.util.Map;

/**
 * How many cut digests there is memory for. Those in a status are the operator's own record and are
 * always kept; those that an annotation adds, as anybody can who makes keys, are read while there
 * is room.
 */
final class RevokedDigestBudget {
  /** Of one namespace: it leaves as much to the others. */
  static final int NAMESPACE = 50_000;

  /** In all: about 25 MB. */
  static final int ALL = 100_000;

  private final Map<NamespacedName, Integer> counts = new HashMap<>();
  private final Map<String, Integer> namespaces = new HashMap<>();
  private int all;

  /**
   * Counts what a key has now.
   *
   * @param stored digests in its status
   * @param added digests that only its annotation has
   * @return whether there is room for the added ones; if not, they are not counted
   */
  synchronized boolean take(NamespacedName key, int stored, int added) {
    release(key);
    var namespace = key.namespace();
    var fits =
        added == 0
            || (all + stored + added <= ALL
                && namespaces.getOrDefault(namespace, 0) + stored + added <= NAMESPACE);
    add(key, stored + (fits ? added : 0));
    return fits;
  }

  /** A key is gone. */
  synchronized void release(NamespacedName key) {
    var before = counts.remove(key);
    if (before != null) {
      all -= before;
      namespaces.computeIfPresent(key.namespace(), (_, n) -> n.equals(before) ? null : n - before);
    }
  }

  private void add(NamespacedName key, int count) {
    if (count > 0) {
      counts.put(key, count);
      all += count;
      namespaces.merge(key.namespace(), count, Integer::sum);
    }
  }
}
