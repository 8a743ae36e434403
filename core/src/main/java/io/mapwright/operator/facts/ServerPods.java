package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Pods of the map server, including those that are terminating or have ended. */
public record ServerPods(List<Pod> all) {
  public static final ServerPods NONE = new ServerPods(List.of());

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** Those that are not being deleted. */
  public List<Pod> live() {
    return all.stream().filter(pod -> pod.getMetadata().getDeletionTimestamp() == null).toList();
  }

  /** Addresses of those that are not being deleted, sorted. */
  public List<String> addresses() {
    return live().stream()
        .flatMap(pod -> Optional.ofNullable(pod.getStatus()).map(PodStatus::getPodIP).stream())
        .sorted()
        .toList();
  }

  /**
   * Those whose gateway can be reached: its container runs. A draining one is included, since its
   * open connections must not outlive a revocation.
   */
  public List<Pod> reachable() {
    return all.stream()
        .filter(
            pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null && started(pod))
        .toList();
  }

  /**
   * Addresses of the gateways that lend each other parts of limits: those that can be reached, but
   * for draining ones, which take no connections any more.
   */
  public Set<String> lenders() {
    return new ServerPods(live())
        .reachable().stream().map(pod -> pod.getStatus().getPodIP()).collect(Collectors.toSet());
  }

  /**
   * The number of pods that serve, will serve or still serve: each takes its share of every limit.
   */
  public int sharing() {
    return (int)
        all.stream()
            .filter(pod -> pod.getStatus() == null || !ENDED.contains(pod.getStatus().getPhase()))
            .count();
  }

  private static boolean started(Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .anyMatch(status ->
            Boolean.TRUE.equals(status.getStarted())
                && status.getState() != null
                && status.getState().getRunning() != null);
  }
}
