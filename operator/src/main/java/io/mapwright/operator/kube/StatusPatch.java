package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Builds and sends patches of a status. */
public final class StatusPatch {
  private StatusPatch() {}

  /** Metadata with the name of an object only. */
  public static ObjectMeta nameOf(HasMetadata object) {
    return new ObjectMetaBuilder()
        .withName(object.getMetadata().getName())
        .withNamespace(object.getMetadata().getNamespace())
        .build();
  }

  /**
   * Replaces the whole status. Fails with a conflict if anybody wrote the object meanwhile.
   *
   * @param patch with the status
   */
  public static <S, T, P extends CustomResource<S, T>> void replace(
      P object, P patch, KubernetesClient client) {
    patch.setSpec(object.getSpec());
    patch.getMetadata().setResourceVersion(object.getMetadata().getResourceVersion());
    // Replaced, not applied: fields that somebody else added would stay.
    client.resource(patch).updateStatus();
  }
}
