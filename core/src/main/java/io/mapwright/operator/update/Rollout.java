package io.mapwright.operator.update;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.cause.Explanation;
import io.mapwright.operator.cause.PodProblem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a Deployment and its pods show of one image.
 *
 * @param deployed whether the Deployment asks for it
 * @param complete whether there are pods, and every one of them runs it and is available
 * @param failure what shows that it cannot work, if anything does
 */
public record Rollout(boolean deployed, boolean complete, Optional<String> failure) {
  /** A start that fails once or twice may wait for a database; a third one is a pattern. */
  private static final int RESTARTS = 3;

  /**
   * Reads them.
   *
   * @param container name of the container that runs the image
   * @param words says what a failure means
   */
  public static Rollout of(
      String image,
      String container,
      Optional<Deployment> deployment,
      List<Pod> pods,
      Explanation words) {
    var asked =
        deployment.stream()
            .flatMap(d -> d.getSpec().getTemplate().getSpec().getContainers().stream())
            .anyMatch(c -> runs(c, container, image));
    return new Rollout(
        asked,
        asked
            && deployment
                .filter(Rollout::available)
                .filter(d -> run(d, RunningContainer.of(container, pods)))
                .isPresent(),
        pods.stream()
            .filter(pod ->
                pod.getSpec().getContainers().stream().anyMatch(c -> runs(c, container, image)))
            .flatMap(pod -> failure(pod, container, words).stream())
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

  /**
   * Whether nodes say that as many run as are wanted. None are wanted while the server is stopped,
   * which proves nothing. Under which name a pod has its image is not asked: an admission webhook
   * may have given it another.
   */
  private static boolean run(Deployment deployment, List<RunningContainer> started) {
    return wanted(deployment) > 0 && started.size() >= wanted(deployment);
  }

  private static int wanted(Deployment deployment) {
    return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
  }

  /** Words of a pod explain; what is decided on is the kubelet's own word for its state. */
  private static Optional<String> failure(Pod pod, String container, Explanation words) {
    return PodProblem.of(pod, container)
        .filter(problem -> problem.isPermanent(RESTARTS))
        .map(problem ->
            "pod "
                + pod.getMetadata().getName()
                + ": "
                + words.of(problem, Optional.empty()).message());
  }
}
