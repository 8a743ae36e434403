package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Resolves conflicting claims of two objects: the older one wins, so that a new one breaks nothing.
 */
public final class OldestWins {
  private OldestWins() {}

  public static boolean isOlder(HasMetadata candidate, HasMetadata than) {
    var a = candidate.getMetadata();
    var b = than.getMetadata();
    return !a.getUid().equals(b.getUid())
        && compare(a.getCreationTimestamp(), a.getUid(), b.getCreationTimestamp(), b.getUid()) < 0;
  }

  /** The same of times of creation, as the API server writes them, and uids: the older first. */
  public static int compare(String since, String uid, String otherSince, String otherUid) {
    var byTime = since.compareTo(otherSince);
    return byTime != 0 ? byTime : uid.compareTo(otherUid);
  }
}
