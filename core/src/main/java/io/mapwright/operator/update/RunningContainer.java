package io.mapwright.operator.update;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A container that runs, and the image that its node started it from. A Deployment without pods
 * shows neither. Pure.
 */
public record RunningContainer(String imageId) {
  /**
   * Digest of an OCI image, in the forms of the runtimes: {@code repo@sha256:…} or the bare digest.
   */
  private static final Pattern DIGEST = Pattern.compile("(?:^|@)(sha256:[0-9a-f]{64})$");

  /** Upper bound, since nodes write these values. */
  private static final int MOST = 8;

  /** Returns the running containers of that name in pods that are not being deleted. */
  static List<RunningContainer> of(String container, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .flatMap(pod -> Stream.ofNullable(pod.getStatus()))
        .flatMap(RunningContainer::statuses)
        .filter(status -> container.equals(status.getName()))
        .filter(status -> status.getState() != null && status.getState().getRunning() != null)
        .flatMap(status -> Optional.ofNullable(status.getImageID()).stream())
        .filter(imageId -> !imageId.isEmpty())
        .map(RunningContainer::new)
        .toList();
  }

  private static Stream<ContainerStatus> statuses(PodStatus status) {
    return Stream.concat(
        status.getContainerStatuses().stream(), status.getInitContainerStatuses().stream());
  }

  /** Returns the distinct digests of running images, sorted. */
  public static List<String> digests(String container, List<Pod> pods) {
    return of(container, pods).stream()
        .flatMap(
            started -> DIGEST.matcher(started.imageId()).results().map(found -> found.group(1)))
        .distinct()
        .sorted()
        .limit(MOST)
        .toList();
  }
}
