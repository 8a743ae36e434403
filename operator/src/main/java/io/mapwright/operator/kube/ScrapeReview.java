package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.metrics.Review;
import java.util.Optional;

/**
 * Identifies the user of a token by a TokenReview, and checks by a SubjectAccessReview whether the
 * user may {@code get} the nonResourceURL {@code /metrics}, as Kubernetes' own components do.
 */
public final class ScrapeReview implements Review {
  private static final String PATH = "/metrics";

  private final KubernetesClient client;

  public ScrapeReview(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Verdict of(String token) {
    var user = user(token);
    if (user.isEmpty()) {
      return Verdict.UNKNOWN_TOKEN;
    }
    return may(user.get()) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
  }

  private Optional<UserInfo> user(String token) {
    var review = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    var status = client.tokenReviews().create(review).getStatus();
    return Optional.ofNullable(status)
        .filter(answer -> Boolean.TRUE.equals(answer.getAuthenticated()))
        .map(answer -> answer.getUser());
  }

  private boolean may(UserInfo user) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(user.getExtra())
            .withNewNonResourceAttributes(PATH, "get")
            .endSpec()
            .build();
    var status = client.authorization().v1().subjectAccessReview().create(review).getStatus();
    return status != null && Boolean.TRUE.equals(status.getAllowed());
  }
}
