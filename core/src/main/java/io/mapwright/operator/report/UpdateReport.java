package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.cause.Cause;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.Optional;

/** Reports the progress of an image update. Pure. */
public record UpdateReport(InstanceInput in, Optional<Cause> cause, Conditions conditions) {

  public void report() {
    in.imageDecision().update().ifPresent(this::report);
  }

  private void report(UpdateStatus update) {
    var wanted = in.server().image();
    switch (update.phase()) {
      case Current ->
          conditions.isTrue(
              ConditionType.Updated,
              Reason.ImageProven,
              wanted + (in.requestsNoPods() ? " was proven before; no pod runs now" : " runs"));
      case Stopped ->
          waits(
              Reason.UpdateWaiting,
              wanted
                  + " is not proven, because no pod runs; it is rolled out when the server starts");
      case WaitingForWindow ->
          waits(
              Reason.UpdateWaiting,
              wanted
                  + " waits for the maintenance window, which opens at "
                  + in.imageDecision().recheckAt().map(Object::toString).orElse("an unknown time"));
      case BackingUp ->
          waits(Reason.UpdateBackingUp, wanted + " waits for a backup that is running");
      case RollingOut ->
          waits(
              Reason.UpdateRollingOut,
              wanted
                  + " is starting and not proven yet"
                  + cause.map(found -> ": " + found.message()).orElse(""));
      case RolledBack ->
          waits(
              Reason.UpdateRolledBack,
              failure(update) + "; " + update.provenImage() + " runs again. " + ADVICE);
      case Failed ->
          waits(Reason.UpdateFailed, failure(update) + "; it was not rolled back. " + ADVICE);
      case null -> conditions.unknown(ConditionType.Updated, Reason.Progressing, "not decided yet");
    }
  }

  private static final String ADVICE =
      "Set another server.image, or change updates.retry to try this one again";

  private static String failure(UpdateStatus update) {
    return update.failedImage() + " failed: " + update.failure();
  }

  private void waits(Reason reason, String message) {
    conditions.isFalse(ConditionType.Updated, reason, message);
  }
}
