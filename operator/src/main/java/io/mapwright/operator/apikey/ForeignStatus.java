package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Instant;

/** What is said of a status that the operator did not write. */
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

  /** Told as an Event only: there is nothing left to fix. */
  static Condition putBack(Instant now) {
    var conditions = new Conditions(null, 0, now);
    conditions.isFalse(
        ConditionType.Accepted,
        Reason.StatusForeign,
        "somebody else than the operator changed the status; it was put back, and no gateway heard"
            + " of the change. See who may write apikeys/status; if it goes on, another operator with"
            + " a seal of its own may be writing here");
    return conditions.list().getFirst();
  }
}
