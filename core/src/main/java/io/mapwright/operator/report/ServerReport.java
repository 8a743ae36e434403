package io.mapwright.operator.report;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.cause.Cause;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.update.Rollout;
import java.util.Map;
import java.util.stream.Collectors;

/** Reports whether the map server runs, and if not, why. Pure. */
record ServerReport(InstanceFacts facts, Conditions conditions) {
  void report() {
    var in = facts.in();
    if (in.deletion().isPresent()) {
      conditions.isFalse(
          ConditionType.ServerAvailable,
          Reason.FinalBackup,
          "the instance is being deleted, and the map server is stopped for the final backup; the instance is deleted when it is done, at the latest at "
              + in.deletion().get().deadline());
      return;
    }
    if (in.stopped()) {
      conditions.isFalse(
          ConditionType.ServerAvailable,
          Reason.Restoring,
          "the map server is stopped for restore "
              + in.restore().map(Restore::id).orElse("")
              + "; see the condition Restored");
      return;
    }
    if (!in.autoscaled() && in.replicas() == 0) {
      conditions.isFalse(
          ConditionType.ServerAvailable, Reason.ScaledToZero, "server.replicas is 0");
      return;
    }
    var wanted = facts.deployment().map(d -> d.getSpec().getReplicas()).orElse(in.replicas());
    var ready =
        facts
            .deployment()
            .map(d -> d.getStatus())
            .map(DeploymentStatus::getReadyReplicas)
            .orElse(0);
    var updated = facts.deployment().filter(Rollout::updated).isPresent();
    if (ready >= wanted && ready > 0 && updated) {
      conditions.isTrue(
          ConditionType.ServerAvailable,
          Reason.AllPodsReady,
          ready + " of " + wanted + " pods serve");
    } else {
      var serving = ready + " of " + wanted + " pods serve";
      var cause = facts.diagnosis().cause();
      conditions.isFalse(
          ConditionType.ServerAvailable,
          cause.map(Cause::reason).orElse(Reason.PodsNotReady),
          serving
              + cause
                  .map(found -> ": " + found.message())
                  .orElse("; see kubectl get pods -l " + selector(in)));
    }
  }

  static String selector(InstanceInput in) {
    return Labels.pods(in.name(), Component.SERVER).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
