package io.mapwright.operator.model;

import java.time.Instant;

/**
 * The progress of a deletion that waits for a final backup.
 *
 * @param message what it waits for, or its outcome
 * @param deadline when the instance is deleted regardless of the outcome
 * @param foreground whether dependents are deleted before the instance (foreground deletion)
 */
public record DeletionProgress(Phase phase, String message, Instant deadline, boolean foreground) {

  /** The steps in order; the last two are final. */
  public enum Phase {
    /** The map server stops, so that nothing is written after the backup. */
    STOPPING,
    BACKING_UP,
    SAVED,
    LOST
  }

  public boolean finished() {
    return phase == Phase.SAVED || phase == Phase.LOST;
  }

  public boolean saved() {
    return phase == Phase.SAVED;
  }

  public boolean backsUp() {
    return phase == Phase.BACKING_UP;
  }

  /** Whether the garbage collector would delete what the backup needs. */
  public boolean detaches() {
    return foreground && !finished();
  }
}
