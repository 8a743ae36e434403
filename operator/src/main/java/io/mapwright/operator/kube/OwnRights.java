package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The operator's own permissions, by a SelfSubjectAccessReview, which needs no permission beyond
 * those of every account.
 */
record OwnRights(KubernetesClient client) {
  /**
   * Asks the API server.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it does not answer
   */
  boolean may(ResourceAttributes what) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(what)
            .endSpec()
            .build();
    var answer = client.authorization().v1().selfSubjectAccessReview().create(review);
    return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
  }
}
