package io.mapwright.operator.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last known state of one replica.
 *
 * @param connected whether the channel is open now; if not, the rest is the last known state
 * @param generation of the followed table, read back from the replica; 0 if none
 * @param ready whether the replica serves protected paths
 * @param lastError why it is not connected or not synchronized, or null
 * @param since when this state last changed, apart from the generation
 * @param silentGateways addresses of other gateways of the instance that do not answer this one
 * @param version HAProxy's own, such as {@code 3.4.7-1}, or null as long as it is not known
 */
public record ReplicaState(
    String podUid,
    String podName,
    boolean connected,
    long generation,
    boolean ready,
    @Nullable PushError lastError,
    Instant since,
    @Nullable String version,
    List<String> silentGateways) {}
