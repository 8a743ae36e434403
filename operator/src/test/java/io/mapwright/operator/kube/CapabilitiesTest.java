package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.mapwright.operator.model.Capability;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // the extension fills the fields
@EnableKubernetesMockClient(https = false) // its certificate takes a second
class CapabilitiesTest {
  KubernetesClient client;
  KubernetesMockServer server;

  private Set<Capability> look() {
    try (var capabilities = new Capabilities(client, Set::of, () -> {})) {
      capabilities.start();
      return capabilities.present();
    }
  }

  /** What the operator is answered when it asks what it may watch. */
  private void allow(boolean allowed) {
    server
        .expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .andReturn(
            201,
            new SelfSubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(allowed)
                .endStatus()
                .build())
        .always();
  }

  private void serve(String apiVersion, String kind) {
    server
        .expect()
        .get()
        .withPath("/apis/" + apiVersion)
        .andReturn(
            200,
            new APIResourceListBuilder()
                .withGroupVersion(apiVersion)
                .addNewResource()
                .withKind(kind)
                .withName("things")
                .withNamespaced(true)
                .endResource()
                .build())
        .always();
  }

  @Test
  void nothingIsThereUntilTheServerSaysSo() {
    assertThat(look()).isEmpty();
  }

  @Test
  void kindThatIsServedAndMayBeWatchedIsThere() {
    allow(true);
    serve("cert-manager.io/v1", "Certificate");
    assertThat(look()).containsExactly(Capability.CERTIFICATE);
  }

  /** A watch that is refused again and again would fill the log and help nobody. */
  @Test
  void kindThatMayNotBeWatchedCountsAsAbsent() {
    allow(false);
    serve("cert-manager.io/v1", "Certificate");
    assertThat(look()).isEmpty();
  }

  @Test
  void groupWithoutTheKindIsNotEnough() {
    allow(true);
    serve("gateway.networking.k8s.io/v1", "GatewayClass");
    assertThat(look()).isEmpty();
  }

  @Test
  void serverThatDoesNotAnswerForOneKindIsStillAskedForTheOthers() {
    allow(true);
    server.expect().get().withPath("/apis/cert-manager.io/v1").andReturn(403, "forbidden").always();
    serve("monitoring.coreos.com/v1", "ServiceMonitor");
    assertThat(look()).containsExactly(Capability.SERVICE_MONITOR);
  }
}
