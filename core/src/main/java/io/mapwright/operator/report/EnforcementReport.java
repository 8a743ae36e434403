package io.mapwright.operator.report;

import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.stream.Collectors;

/** Says whether the gateways enforce the present keys. Pure. */
record EnforcementReport(InstanceFacts facts, Conditions conditions) {
  /**
   * A gateway that is reached and ready takes over each change within milliseconds, or turns out to
   * be out of reach; a key says for itself where it is enforced.
   */
  void report() {
    var replicas = facts.replicas().values();
    if (!facts.replicasKnown() && conditions.wasReported(ConditionType.KeysInSync)) {
      conditions.keep(ConditionType.KeysInSync);
      return;
    }
    if (replicas.isEmpty()) {
      conditions.isFalse(ConditionType.KeysInSync, Reason.PodsNotReady, "no gateway runs");
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
          "all " + replicas.size() + " gateways enforce the present keys and policies");
    } else {
      conditions.isFalse(
          ConditionType.KeysInSync,
          Reason.TableNotEnforced,
          behind.stream().map(ReplicaState::podName).sorted().collect(Collectors.joining(", "))
              + " cannot be reached or lags behind");
    }
  }
}
