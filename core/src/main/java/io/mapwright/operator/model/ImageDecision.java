package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * The server image to run now, which may differ from the one in the spec.
 *
 * @param update progress of the update to the image in the spec; empty before that was decided
 * @param recheckAt when to decide again without an event
 * @param logs empty if the age of logs is not limited
 * @param images what the pods actually run
 */
public record ImageDecision(
    String image,
    Optional<UpdateStatus> update,
    Optional<Instant> recheckAt,
    Optional<LogRetentionDecision> logs,
    RunningImages images) {

  /** The image of the spec, before anything was decided. */
  public static ImageDecision ofSpec(String image) {
    return new ImageDecision(
        image, Optional.empty(), Optional.empty(), Optional.empty(), RunningImages.NONE);
  }

  public boolean backsUpFirst() {
    return update.map(UpdateStatus::phase).filter(UpdatePhase.BackingUp::equals).isPresent();
  }

  /** Whether the image replaces a proven one. */
  public boolean replacesProven() {
    return update
        .filter(status -> status.phase() == UpdatePhase.RollingOut && status.provenImage() != null)
        .isPresent();
  }
}
