package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Who keeps a thing that two objects claim: the older one, so that a newcomer breaks nothing. */
public final class Seniority {
  private Seniority() {}

  public static boolean isOlder(HasMetadata candidate, HasMetadata than) {
    var a = candidate.getMetadata();
    var b = than.getMetadata();
    if (a.getUid().equals(b.getUid())) {
      return false;
    }
    var byTime = a.getCreationTimestamp().compareTo(b.getCreationTimestamp());
    return byTime != 0 ? byTime < 0 : a.getUid().compareTo(b.getUid()) < 0;
  }
}
