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
  /** Of an OCI image, wherever a runtime puts it: {@code repo@sha256:…} or the bare digest. */
  private static final Pattern DIGEST = Pattern.compile("(?:^|@)(sha256:[0-9a-f]{64})$");

  /** More are no use to anybody, and what nodes write is not ours. */
  private static final int MOST = 8;

  /** Returns what runs of a container in pods that are not on their way out. */
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

  /** Returns the digests of what runs, sorted, each once. */
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
