package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Instant;

/** Conditions for a status that the operator did not write. */
final class ForeignStatus {
  private static final String DENIED =
      "the status was not written by this operator, so no digest in it is accepted. Change"
          + " rotation.trigger to get a new key; if the operator's Secret mapwright-operator-seal was"
          + " lost, see docs/recovery.md";

  private ForeignStatus() {}

  static void report(Conditions conditions) {
    conditions.isFalse(ConditionType.Ready, Reason.StatusForeign, DENIED);
    conditions.abnormal(ConditionType.Stalled, Reason.StatusForeign, DENIED);
    conditions.isFalse(ConditionType.Accepted, Reason.StatusForeign, DENIED);
  }

  /** Reported as an Event only: there is nothing left to fix. */
  static Condition restored(Instant now) {
    var conditions = new Conditions(null, 0, now);
    conditions.isFalse(
        ConditionType.Accepted,
        Reason.StatusForeign,
        "the status was changed by somebody other than this operator; it was restored, and the"
            + " change reached no gateway. Check who may write apikeys/status; if it happens again,"
            + " another operator with its own seal may be writing here");
    return conditions.list().getFirst();
  }
}
