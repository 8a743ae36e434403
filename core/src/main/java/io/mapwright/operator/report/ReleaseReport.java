package io.mapwright.operator.report;

import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.gateway.TestedReleases;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reports whether every gateway runs a release of HAProxy that is tested. Pure. */
record ReleaseReport(InstanceFacts facts, Conditions conditions) {
  void report() {
    if (!facts.replicasKnown() && conditions.keep(ConditionType.GatewaySupported)) {
      return;
    }
    if (facts.in().requestsNoPods()) {
      return;
    }
    var connected = facts.connectedReplicas();
    var untested = connected.stream().filter(replica -> !tested(replica)).findFirst();
    if (connected.isEmpty()) {
      conditions.unknown(
          ConditionType.GatewaySupported,
          Reason.ReleaseUnknown,
          "no gateway could be asked for its release of HAProxy yet");
    } else if (untested.isPresent()) {
      conditions.isFalse(
          ConditionType.GatewaySupported,
          untested.get().version() == null ? Reason.ReleaseUnknown : Reason.ReleaseUntested,
          untested(untested.get()));
    } else {
      conditions.isTrue(
          ConditionType.GatewaySupported, Reason.ReleaseTested, "HAProxy " + releases(connected));
    }
  }

  private static boolean tested(ReplicaState replica) {
    return Optional.ofNullable(replica.version()).filter(TestedReleases::contains).isPresent();
  }

  private static String untested(ReplicaState replica) {
    return replica.podName()
        + (replica.version() == null
            ? " does not report a release of HAProxy"
            : " runs HAProxy " + replica.version())
        + ": set gateway.image to a release that is tested, one of "
        + String.join(", ", TestedReleases.ALL);
  }

  private static String releases(List<ReplicaState> replicas) {
    return replicas.stream()
        .map(ReplicaState::version)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" and "));
  }
}
