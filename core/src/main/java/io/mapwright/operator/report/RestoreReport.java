package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;

/** Reports the progress of a restore. Pure. */
record RestoreReport(InstanceInput in, Conditions conditions) {
  void report(RestoreStatus status) {
    if (in.restore().isEmpty()) {
      return;
    }
    switch (status.phase()) {
      case Done ->
          conditions.isTrue(
              ConditionType.Restored,
              Reason.RestoreCompleted,
              "restore " + status.id() + " is done: " + status.message());
      case Failed ->
          conditions.isFalse(
              ConditionType.Restored,
              Reason.RestoreFailed,
              "restore " + status.id() + ": " + status.message() + ". " + nextStep(status));
      case null, default ->
          conditions.unknown(
              ConditionType.Restored,
              Reason.Restoring,
              "restore " + status.id() + ": " + status.phase());
    }
  }

  private static String nextStep(RestoreStatus status) {
    if (!Boolean.TRUE.equals(status.incomplete()) && status.snapshot() != null) {
      return "The data is that of the snapshot and is served; a key that was not recreated is refused: create it by its digest, or fix the cause and set another restore.id, which replaces the data again";
    }
    return Boolean.TRUE.equals(status.incomplete())
        ? "The data may be incomplete, so the map server stays stopped: fix the cause and set another restore.id, or remove spec.restore to start with the data as it is"
        : "The data was not touched: fix the cause and set another restore.id";
  }
}
