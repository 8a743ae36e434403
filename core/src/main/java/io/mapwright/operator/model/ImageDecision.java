package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * The server's image as it is to run now, which need not be the one that the spec names.
 *
 * @param update how far the bringing in of the spec's image has come; empty before that was decided
 * @param recheckAt when to decide again though nothing has happened
 * @param logs empty if logs may be of any age
 * @param images what the pods run in fact
 */
public record ImageDecision(
    String image,
    Optional<UpdateStatus> update,
    Optional<Instant> recheckAt,
    Optional<LogRetentionDecision> logs,
    RunningImages images) {

  /** The image of the spec, without a decision. */
  public static ImageDecision asAsked(String image) {
    return new ImageDecision(
        image, Optional.empty(), Optional.empty(), Optional.empty(), RunningImages.NONE);
  }

  public boolean backsUpFirst() {
    return update.map(UpdateStatus::phase).filter(UpdatePhase.BackingUp::equals).isPresent();
  }

  /** Whether an image comes in the place of one that was proven. */
  public boolean replacesProven() {
    return update
        .filter(status -> status.phase() == UpdatePhase.RollingOut && status.provenImage() != null)
        .isPresent();
  }
}
