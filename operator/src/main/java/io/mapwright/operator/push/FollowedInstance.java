package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.table.LiveTable;

/** What the replicas of one instance are to hold, and with which credentials to reach them. */
record FollowedInstance(NamespacedName name, LiveTable table, ControlCredentials credentials) {

  boolean sameAs(FollowedInstance other) {
    return table == other.table && credentials.sameAs(other.credentials);
  }
}
