package io.mapwright.operator.report;

import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.stream.Collectors;

/** Reports whether the gateways enforce the current keys. Pure. */
record EnforcementReport(InstanceFacts facts, Conditions conditions) {
  /**
   * A connected and ready gateway applies each change within milliseconds, or is found to be
   * unreachable; each key reports where it is enforced.
   */
  void report() {
    var replicas = facts.replicas().values();
    if (!facts.replicasKnown() && conditions.keep(ConditionType.KeysInSync)) {
      return;
    }
    if (replicas.isEmpty()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.PodsNotReady, "no gateway is running");
      return;
    }
    var behind =
        replicas.stream().filter(r -> !r.connected() || !r.ready() || r.generation() == 0).toList();
    var unreachable = new UnreachableReplicas(replicas, facts.in().tableMaxAge());
    var stale = unreachable.message(facts.now());
    if (stale.isPresent()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.TableStale, stale.get());
    } else if (behind.isEmpty()) {
      conditions.isTrue(
          ConditionType.KeysInSync,
          Reason.AllReplicasEnforce,
          "all " + replicas.size() + " gateways enforce the current keys and policies");
    } else {
      conditions.isFalse(
          ConditionType.KeysInSync,
          Reason.TableNotEnforced,
          behind.stream().map(ReplicaState::podName).sorted().collect(Collectors.joining(", "))
              + " cannot be reached or lags behind");
    }
  }
}
