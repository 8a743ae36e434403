package io.mapwright.operator.report;

import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;

/** Reports whether the gateways can lend each other parts of limits. Pure. */
record LendingReport(InstanceFacts facts, Conditions conditions) {
  void report() {
    if (!facts.replicasKnown() && conditions.keep(ConditionType.LimitsShared)) {
      return;
    }
    var connected = facts.connectedReplicas();
    if (connected.size() < 2) {
      return;
    }
    connected.stream()
        .filter(replica -> !replica.silentGateways().isEmpty())
        .findFirst()
        .ifPresentOrElse(
            replica ->
                conditions.isFalse(
                    ConditionType.LimitsShared,
                    Reason.GatewaysDisconnected,
                    "the gateway of pod %s cannot reach %s: until it can, each enforces its own equal part of every limit; check that pods of this instance may connect to each other on port %d"
                        .formatted(
                            replica.podName(),
                            String.join(", ", replica.silentGateways()),
                            GatewayPorts.DEFAULTS.lending())),
            () ->
                conditions.isTrue(
                    ConditionType.LimitsShared,
                    Reason.GatewaysConnected,
                    "%d gateways lend each other what they do not use of a limit"
                        .formatted(connected.size())));
  }
}
