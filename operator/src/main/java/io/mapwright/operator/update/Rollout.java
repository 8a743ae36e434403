package io.mapwright.operator.update;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.status.Excerpt;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a Deployment and its pods show of one image.
 *
 * @param deployed whether the Deployment asks for it
 * @param complete whether every pod runs it and is available
 * @param failure what shows that it can not work, if anything does
 */
public record Rollout(boolean deployed, boolean complete, Optional<String> failure) {
  private static final Set<String> HOPELESS =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "ErrImageNeverPull",
          "ImagePullBackOff",
          "InvalidImageName");

  /** A start that fails once or twice may wait for a database; a third one is a pattern. */
  private static final int RESTARTS = 3;

  private static final int LONGEST_WHY = 512;

  /**
   * Reads them.
   *
   * @param container name of the container that runs the image
   */
  public static Rollout of(
      String image, String container, Optional<Deployment> deployment, List<Pod> pods) {
    var asked =
        deployment.stream()
            .flatMap(d -> d.getSpec().getTemplate().getSpec().getContainers().stream())
            .anyMatch(c -> runs(c, container, image));
    return new Rollout(
        asked,
        asked && deployment.filter(Rollout::available).isPresent(),
        pods.stream()
            .filter(pod ->
                pod.getSpec().getContainers().stream().anyMatch(c -> runs(c, container, image)))
            .flatMap(pod -> failure(pod, container).stream())
            .findFirst());
  }

  private static boolean runs(Container candidate, String container, String image) {
    return container.equals(candidate.getName()) && image.equals(candidate.getImage());
  }

  /** Whether the pods are those that the Deployment asks for now: old ones that serve are not. */
  public static boolean updated(Deployment deployment) {
    var status = deployment.getStatus();
    return status != null
        && Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
            >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L)
        && Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) >= wanted(deployment);
  }

  private static boolean available(Deployment deployment) {
    var status = deployment.getStatus();
    return updated(deployment)
        && Objects.requireNonNullElse(status.getAvailableReplicas(), 0) >= wanted(deployment)
        && Objects.equals(status.getReplicas(), status.getUpdatedReplicas());
  }

  private static int wanted(Deployment deployment) {
    return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
  }

  private static Optional<String> failure(Pod pod, String container) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> status.getContainerStatuses().stream())
        .filter(status -> container.equals(status.getName()))
        .flatMap(status -> hopeless(status).or(() -> crashing(status)).stream())
        .map(why -> "pod " + pod.getMetadata().getName() + ": " + Excerpt.of(why, LONGEST_WHY))
        .findFirst();
  }

  private static Optional<String> hopeless(ContainerStatus status) {
    return Optional.ofNullable(status.getState())
        .map(state -> state.getWaiting())
        .filter(waiting -> HOPELESS.contains(String.valueOf(waiting.getReason())))
        .map(waiting ->
            Stream.of(waiting.getReason(), waiting.getMessage())
                .filter(Objects::nonNull)
                .reduce((reason, message) -> reason + ", " + message)
                .orElse(""));
  }

  private static Optional<String> crashing(ContainerStatus status) {
    var restarts = Objects.requireNonNullElse(status.getRestartCount(), 0);
    if (restarts < RESTARTS || Boolean.TRUE.equals(status.getReady())) {
      return Optional.empty();
    }
    var last = Optional.ofNullable(status.getLastState()).map(state -> state.getTerminated());
    return Optional.of(
        "ended "
            + restarts
            + " times"
            + last.map(t -> ", last with exit code " + t.getExitCode()).orElse(""));
  }
}
