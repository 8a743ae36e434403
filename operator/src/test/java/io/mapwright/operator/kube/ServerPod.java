package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;

/** A pod as the Deployment of an instance makes it, where there is no controller manager. */
public final class ServerPod {
  private ServerPod() {}

  /** Begins one that runs the map server alone. */
  public static PodBuilder of(String namespace, String instance, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(Labels.of(instance))
        .addToLabels(Labels.pods(instance, Component.SERVER))
        .addToAnnotations(Labels.OWNER, instance)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage("maps:1")
        .endContainer()
        .endSpec();
  }
}
