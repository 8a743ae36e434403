package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.mapwright.operator.model.Given;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // the extension fills the fields
@EnableKubernetesMockClient(crud = true, https = false) // its certificate takes a second
class LeaseFenceTest {
  KubernetesClient client;
  KubernetesMockServer server;

  private final AtomicReference<Instant> wall = new AtomicReference<>(Given.NOW);
  private final AtomicLong nanos = new AtomicLong(-5);
  private final LeaseFence fence =
      new LeaseFence("operator", Duration.ofSeconds(15), clock(), nanos::get);

  private Clock clock() {
    InstantSource source = wall::get;
    return source.withZone(ZoneOffset.UTC);
  }

  private KubernetesClient watched() {
    return new KubernetesClientBuilder()
        .withConfig(client.getConfiguration())
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("lease", fence))
        .build();
  }

  private static Lease lease(String name) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  @Test
  void opensWithARenewalAndShutsWhenItsTimeIsOverByEitherClock() {
    try (var api = watched()) {
      assertThat(fence.open()).as("before the first").isFalse();
      api.leases().inNamespace("a").resource(lease("operator")).create();
      assertThat(fence.open()).isTrue();
      wall.set(Given.NOW.plusSeconds(14));
      nanos.addAndGet(Duration.ofSeconds(14).toNanos());
      assertThat(fence.open()).isTrue();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThat(fence.open()).as("the machine's own time").isFalse();
      api.leases().inNamespace("a").resource(lease("operator")).update();
      assertThat(fence.open()).isTrue();
      wall.set(wall.get().plusSeconds(15));
      assertThat(fence.open()).as("the machine slept").isFalse();
    }
  }

  @Test
  void onlyARenewalThatWasAcceptedOpens() {
    try (var api = watched()) {
      try {
        api.leases().inNamespace("a").resource(lease("operator")).update();
      } catch (KubernetesClientException refused) {
        assertThat(refused.getCode()).isEqualTo(404);
      }
      var _ = api.leases().inNamespace("a").withName("operator").get();
      assertThat(fence.open()).isFalse();
    }
  }

  @Test
  void staysShutOnceGivenAway() {
    try (var api = watched()) {
      api.leases().inNamespace("a").resource(lease("operator")).create();
      fence.shut();
      assertThat(fence.open()).isFalse();
      api.leases().inNamespace("a").resource(lease("operator")).update();
      assertThat(fence.open()).isFalse();
    }
  }
}
