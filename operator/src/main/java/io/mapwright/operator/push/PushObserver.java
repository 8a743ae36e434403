package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import java.time.Duration;

/** Observes the channels. Called on their threads: must neither block nor throw. */
public interface PushObserver {

  /** Why a whole table was written. */
  enum FullSyncReason {
    /** The gateway had nothing: it is new or was restarted. */
    EMPTY,
    /** The gateway held the table of another operator process, or an interrupted write. */
    OTHER_TABLE,
    /** Too many changes to send, or to remember, one by one. */
    TOO_FAR_BEHIND,
    /** The gateway did not hold what it should. */
    DIVERGED
  }

  PushObserver NONE = new PushObserver() {};

  /** One changed entry is in force on one replica, this long after the table learned of it. */
  default void enforced(NamespacedName instance, Duration sinceChange) {}

  default void fullSync(
      NamespacedName instance, FullSyncReason reason, int entries, Duration duration) {}

  default void failed(NamespacedName instance, PushError error) {}

  /** Number of open channels of all instances, reported on each change. */
  default void connectedReplicas(int count) {}

  default void certificatePushed(NamespacedName instance) {}
}
