package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static Problem of(String words) {
    var status = new StatusBuilder().withCode(403).withMessage(words).build();
    return Refusal.forbidden("Deployment tiles", new KubernetesClientException("no", 403, status));
  }

  @Test
  void rightThatIsMissingIsNamed() {
    var told =
        of(
            "deployments.apps \"tiles\" is forbidden: User \"system:serviceaccount:a:b\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"maps\"");
    assertThat(told.reason()).isEqualTo(Reason.Forbidden);
    assertThat(told.message())
        .contains("lacks the verb patch on deployments.apps in namespace maps")
        .contains("helm upgrade");
  }

  @Test
  void rightOnTheCoreGroupHasNoGroup() {
    assertThat(
            of("secrets \"x\" is forbidden: User \"u\" cannot create resource \"secrets\" in API group \"\" in the namespace \"maps\"")
                .message())
        .contains("lacks the verb create on secrets in namespace maps");
  }

  @Test
  void quotaIsNoRightThatTheOperatorLacks() {
    var told =
        of(
            "persistentvolumeclaims \"tiles-data\" is forbidden: exceeded quota: small, requested: requests.storage=10Gi, used: requests.storage=0, limited: requests.storage=1Gi");
    assertThat(told.reason()).isEqualTo(Reason.Refused);
    assertThat(told.message())
        .isEqualTo(
            "the API server refused Deployment tiles: exceeded quota: small, requested: requests.storage=10Gi, used: requests.storage=0, limited: requests.storage=1Gi. Raise the quota of the namespace, or ask for less");
  }

  @Test
  void policyIsNoRightThatTheOperatorLacks() {
    var told =
        of(
            "deployments.apps \"tiles\" is forbidden: ValidatingAdmissionPolicy 'x' with binding 'y' denied request: own registry only");
    assertThat(told.reason()).isEqualTo(Reason.Refused);
    assertThat(told.message()).contains("own registry only").doesNotContain("role");
  }

  @Test
  void answerWithoutWordsIsToldAsOne() {
    var bare = new KubernetesClientException("no", 403, null);
    assertThat(Refusal.forbidden("Deployment tiles", bare).message()).contains("did not say why");
  }
}
