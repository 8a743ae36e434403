package io.mapwright.operator.push;

/** Where the control channel of one gateway listens; the uid tells a pod from its namesake. */
public record ReplicaEndpoint(String podUid, String podName, String host, int port) {}
