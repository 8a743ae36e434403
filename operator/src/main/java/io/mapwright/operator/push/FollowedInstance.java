package io.mapwright.operator.push;

/** What the replicas of one instance are to hold, and with which credentials to reach them. */
record FollowedInstance(String key, LiveTable table, ControlCredentials credentials) {

  boolean sameAs(FollowedInstance other) {
    return table == other.table && credentials.sameAs(other.credentials);
  }
}
