package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

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
}
