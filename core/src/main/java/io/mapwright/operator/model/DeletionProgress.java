package io.mapwright.operator.model;

import java.time.Instant;

/**
 * How far the end of an instance has come that waits for its final backup.
 *
 * @param message what it waits for, or what came of it
 * @param deadline when the instance goes, whatever came of it
 * @param foreground whether the garbage collector takes what the instance owns before the instance
 */
public record DeletionProgress(Phase phase, String message, Instant deadline, boolean foreground) {

  /** The steps, in their order; one of the last two is the end. */
  public enum Phase {
    /** The map server stops, so that nothing is written behind the backup. */
    STOPPING,
    BACKING_UP,
    SAVED,
    LOST
  }

  public boolean over() {
    return phase == Phase.SAVED || phase == Phase.LOST;
  }

  public boolean saved() {
    return phase == Phase.SAVED;
  }

  public boolean backsUp() {
    return phase == Phase.BACKING_UP;
  }

  /** The garbage collector would end the backup with what it needs. */
  public boolean detaches() {
    return foreground && !over();
  }
}
