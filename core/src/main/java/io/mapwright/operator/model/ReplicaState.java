package io.mapwright.operator.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one replica, as it answered last.
 *
 * @param connected whether the channel stands now; without it the rest is the last known
 * @param generation of the followed table, read back from the replica; 0 if nothing of it was
 * @param ready whether the replica serves protected paths
 * @param lastError why it is not connected or not in step, or null
 * @param since when this state differed last from the one before, the generation left aside
 */
public record ReplicaState(
    String podUid,
    String podName,
    boolean connected,
    long generation,
    boolean ready,
    @Nullable PushError lastError,
    Instant since) {}
