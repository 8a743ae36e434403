package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.Pod;
import io.mapwright.operator.model.ReplicaState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose answers count. A gateway that answers on mutual TLS lives, and while it lives all of its
 * ports are its own; without one the map server may sit on a port and answer in its place. Pure.
 */
public final class LostGateways {
  private LostGateways() {}

  /** Says which pod's gateway the operator does not hold now; empty if it holds them all. */
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
