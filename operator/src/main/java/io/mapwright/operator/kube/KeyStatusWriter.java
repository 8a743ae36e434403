package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import java.util.List;
import java.util.Map;

/** Writes the status of an ApiKey where that cannot wait for the end of a pass. */
public final class KeyStatusWriter {
  private final KubernetesClient client;

  public KeyStatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Builds the patch for a status.
   *
   * @return the key's name and this status only
   */
  public static ApiKey patch(ApiKey key, ApiKeyStatus status) {
    var patch = new ApiKey();
    patch.setMetadata(StatusPatch.nameOf(key));
    patch.setStatus(status);
    return patch;
  }

  /**
   * Stores a status, and updates the resource version of the key. Fails with a conflict if anybody,
   * such as another operator, wrote the key meanwhile.
   */
  public void store(ApiKey key, ApiKeyStatus status) {
    var patch = patch(key, status);
    patch.getMetadata().setResourceVersion(key.getMetadata().getResourceVersion());
    // Not JOSDK's helper: on a conflict it would send the same body again for the new version.
    var written =
        client
            .resource(patch)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(Applier.FIELD_MANAGER)
                    .withForce(true)
                    .build());
    key.getMetadata().setResourceVersion(written.getMetadata().getResourceVersion());
  }

  /** Replaces the whole status. */
  public void replace(ApiKey key, ApiKeyStatus status) {
    StatusPatch.replace(key, patch(key, status), client);
  }

  /** Writes the conditions, and keeps the rest of the status. */
  public void writeConditions(ApiKey key, List<Condition> conditions) {
    client
        .resource(key)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            Serialization.asJson(Map.of("status", Map.of("conditions", conditions))));
  }
}
