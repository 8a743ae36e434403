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
 * @param deployed whether the Deployment has this image
 * @param complete whether there are pods, and all of them run it and are available
 * @param failure why it cannot work, if that is known
 */
public record Rollout(boolean deployed, boolean complete, Optional<String> failure) {
  /**
   * One or two failed starts may be due to a database that is not ready; a third one is a failure.
   */
  private static final int RESTARTS = 3;

  /**
   * Reads them.
   *
   * @param container name of the container that runs the image
   * @param explanation explains a failure
   */
  public static Rollout of(
      String image,
      String container,
      Optional<Deployment> deployment,
      List<Pod> pods,
      Explanation explanation) {
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
            .flatMap(pod -> failure(pod, container, explanation).stream())
            .findFirst());
  }

  private static boolean runs(Container candidate, String container, String image) {
    return container.equals(candidate.getName()) && image.equals(candidate.getImage());
  }

  /** Whether the pods are from the current template of the Deployment, not from a former one. */
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
   * Whether as many pods run as desired, according to their nodes. None are desired while the
   * server is stopped, which proves nothing. The image name in the pod is not compared: an
   * admission webhook may have rewritten it.
   */
  private static boolean run(Deployment deployment, List<RunningContainer> started) {
    return wanted(deployment) > 0 && started.size() >= wanted(deployment);
  }

  private static int wanted(Deployment deployment) {
    return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
  }

  /** Messages are only used for the explanation; the decision depends on the kubelet's reason. */
  private static Optional<String> failure(Pod pod, String container, Explanation explanation) {
    return PodProblem.of(pod, container)
        .filter(problem -> problem.isPermanent(RESTARTS))
        .map(problem ->
            "pod "
                + pod.getMetadata().getName()
                + ": "
                + explanation.of(problem, Optional.empty()).message());
  }
}
