package io.mapwright.operator.push;

/**
 * Where the control channel of one gateway listens; the uid distinguishes pods of the same name.
 */
public record ReplicaEndpoint(String podUid, String podName, String host, int port) {}
