package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.Pod;
import io.mapwright.operator.model.ReplicaState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which answers count. A gateway that answers over mutual TLS is alive, and while it is, all of its
 * ports are its own; without one the map server could bind a port and answer in its place. Pure.
 */
public final class LostGateways {
  private LostGateways() {}

  /** Names a pod whose gateway is not connected now; empty if all are. */
  public static Optional<String> lost(List<Pod> pods, Map<String, ReplicaState> states) {
    return pods.stream()
        .map(Pod::getMetadata)
        .filter(pod -> {
          var state = states.get(pod.getUid());
          return state == null || !state.connected();
        })
        .map(pod -> "the gateway of pod " + pod.getName() + " does not answer the operator")
        .sorted()
        .findFirst();
  }
}
