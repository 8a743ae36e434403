package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.Audit;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.util.Optional;

/** Reports whether the logs of the pods are within the retention of the spec. Pure. */
public record LogReport(InstanceFacts facts, Conditions conditions) {

  /** Returns when the oldest log starts, if the age of logs is bounded. */
  public Optional<String> report() {
    var retention = facts.in().logRetention();
    retention.ifPresent(this::report);
    return retention.flatMap(_ -> facts.oldestPod()).map(pod -> pod.since().toString());
  }

  private void report(Duration retention) {
    var asked = Optional.ofNullable(facts.in().spec().audit()).map(Audit::retention).orElseThrow();
    facts
        .oldestPod()
        .filter(pod -> pod.since().plus(retention).isBefore(facts.now()))
        .ifPresentOrElse(
            pod ->
                conditions.isFalse(
                    ConditionType.LogsBounded,
                    Reason.LogTooOld,
                    "pod "
                        + pod.name()
                        + " was created at "
                        + pod.since()
                        + ": its log may hold lines older than audit.retention, "
                        + asked
                        + "; delete the pod"),
            () ->
                conditions.isTrue(
                    ConditionType.LogsBounded,
                    Reason.WithinRetention,
                    "no line in the logs of the pods is older than audit.retention, " + asked));
  }
}
