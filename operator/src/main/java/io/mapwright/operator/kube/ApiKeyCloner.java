package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.mapwright.operator.api.v1alpha1.ApiKey;

/**
 * Copies cached objects for each pass. Of a key only the metadata is copied: spec and status are
 * immutable records. The framework's default goes through JSON, which costs more than the pass
 * itself, and a start with ten thousand keys makes ten thousand passes.
 */
public final class ApiKeyCloner implements Cloner {
  private final KubernetesClient client;

  public ApiKeyCloner(KubernetesClient client) {
    this.client = client;
  }

  @Override
  @SuppressWarnings("unchecked") // a copy is of the class of what it is made of
  public <R extends HasMetadata> R clone(R object) {
    return object instanceof ApiKey key
        ? (R) of(key)
        : client.getKubernetesSerialization().clone(object);
  }

  private static ApiKey of(ApiKey key) {
    var copy = new ApiKey();
    copy.setMetadata(new ObjectMetaBuilder(key.getMetadata()).build());
    copy.setSpec(key.getSpec());
    copy.setStatus(key.getStatus());
    return copy;
  }
}
