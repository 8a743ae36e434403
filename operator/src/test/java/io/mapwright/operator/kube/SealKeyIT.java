package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class SealKeyIT {
  private final ApiServer.Running server;
  private final String namespace;

  SealKeyIT(ApiServer.Running server) {
    this.server = server;
    namespace = server.namespace("seal-key");
  }

  private SealKey load() {
    return SealKey.load(server.admin(), namespace, new SecureRandom(), Duration.ofMillis(50));
  }

  private Secret stored() {
    return server.admin().secrets().inNamespace(namespace).withName(SealKey.SECRET).get();
  }

  private static String sealOf(SealKey key) {
    var update = new UpdateStatus(null, "maps:1", null, null, null, null, null);
    var status =
        new MapwrightInstanceStatus(
            null, null, null, null, null, null, null, update, null, null, null, null, null);
    return String.valueOf(key.seal(false).seal("uid", status, null).seal());
  }

  @Test
  void allReplicasHaveTheKeyOfTheFirst() {
    try (var first = load();
        var second = load()) {
      assertThat(sealOf(second)).isEqualTo(sealOf(first));
      assertThat(stored().getImmutable()).isTrue();
    }
  }

  @Test
  void deletedWhileAnOperatorRunsItComesBackWithTheSameKey() {
    try (var key = load()) {
      var before = stored().getData();
      key.start();
      server.admin().secrets().inNamespace(namespace).withName(SealKey.SECRET).delete();
      await("it is there again")
          .atMost(Duration.ofSeconds(20))
          .until(() -> stored() != null && stored().getData().equals(before));
    }
  }

  @Test
  void whatHoldsNoKeyIsNotReplaced() {
    server
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SealKey.SECRET)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("key", "short"))
                .build())
        .create();
    assertThatThrownBy(this::load)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("docs/recovery.md")
        .hasMessageNotContaining("short");
  }
}
