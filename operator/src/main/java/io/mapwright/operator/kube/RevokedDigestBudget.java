package io.mapwright.operator.kube;

import io.mapwright.operator.model.NamespacedName;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits the memory for revoked digests. Those in a status are the operator's own record and are
 * always kept; those in an annotation, which anybody who creates keys can set, are only read while
 * there is room.
 */
final class RevokedDigestBudget {
  /** For one namespace: half of all, so that others have room. */
  static final int NAMESPACE = 50_000;

  /** In total: about 25 MB. */
  static final int ALL = 100_000;

  private final Map<NamespacedName, Integer> counts = new HashMap<>();
  private final Map<String, Integer> namespaces = new HashMap<>();
  private int all;

  /**
   * Reserves room for the digests of a key.
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

  /** Releases the room of a deleted key. */
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
