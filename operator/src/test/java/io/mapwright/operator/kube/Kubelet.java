package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;

/** Says of pods what a kubelet says, where there is none. */
public final class Kubelet {
  private Kubelet() {}

  /** Returns the pod with its gateway running at that address. */
  public static Pod running(Pod pod, String address) {
    var gateway = pod.getSpec().getInitContainers().getFirst();
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(address)
        .addNewPodIP(address)
        .addNewInitContainerStatus()
        .withName(gateway.getName())
        .withImage(gateway.getImage())
        .withImageID("test")
        .withReady(true)
        .withStarted(true)
        .withNewState()
        .withNewRunning("2026-01-01T00:00:00Z")
        .endState()
        .endInitContainerStatus()
        .endStatus()
        .build();
  }

  /** Returns the running pod with everything in it ready. */
  public static Pod ready(Pod pod, String address) {
    return new PodBuilder(started(running(pod, address), "test"))
        .editStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime("2026-01-01T00:00:00Z")
        .endCondition()
        .endStatus()
        .build();
  }

  /** Returns the pod with its containers started from an image of that id. */
  public static Pod started(Pod pod, String imageId) {
    return new PodBuilder(pod)
        .editOrNewStatus()
        .withPhase("Running")
        .withContainerStatuses(
            pod.getSpec().getContainers().stream().map(one -> started(one, imageId)).toList())
        .endStatus()
        .build();
  }

  private static ContainerStatus started(Container container, String imageId) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID(imageId)
        .withReady(true)
        .withRestartCount(0)
        .withStarted(true)
        .withNewState()
        .withNewRunning("2026-01-01T00:00:00Z")
        .endState()
        .build();
  }

  /** Returns the pod as ended well, one of whose containers left these last words. */
  public static Pod succeeded(Pod pod, String container, String lastWords) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Succeeded")
        .addNewContainerStatus()
        .withName(container)
        .withImage("restic:1")
        .withImageID("test")
        .withReady(false)
        .withNewState()
        .withNewTerminated()
        .withExitCode(0)
        .withFinishedAt(Instant.now().toString())
        .withMessage(lastWords)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
