package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mapwright.operator.model.NamespacedName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class InstanceSecretsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicInteger looks = new AtomicInteger();
  private final List<NamespacedName> told = new CopyOnWriteArrayList<>();
  private final KubernetesClient client;
  private final String namespace;
  private final NamespacedName instance;

  InstanceSecretsIT(ApiServer.Running server) {
    namespace = server.namespace("named");
    instance = new NamespacedName(namespace, "tiles");
    client =
        server.client(
            new Interceptor() {
              @Override
              public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.uri().getPath().endsWith("/secrets/own")) {
                  looks.incrementAndGet();
                }
              }
            });
  }

  @Test
  void onlyAChangeIsToldAndToldUntilItIsRead() {
    write("first");
    try (var secrets = new InstanceSecrets(client, Duration.ofMillis(50), told::add)) {
      assertThat(read(secrets)).isEqualTo("first");
      secrets.start();
      looked(5);
      assertThat(told).as("nothing changed").isEmpty();

      write("second");
      await("the change is reported").atMost(PATIENCE).until(() -> !told.isEmpty());
      assertThat(told).containsOnly(instance);
      assertThat(read(secrets)).isEqualTo("second");
      looked(2);
      told.clear();
      looked(5);
      assertThat(told).as("it was read").isEmpty();

      client.secrets().inNamespace(namespace).withName("own").delete();
      await("that it is gone is reported").atMost(PATIENCE).until(() -> !told.isEmpty());
      assertThat(secrets.read(instance, "own")).isEmpty();

      write("third");
      assertThat(read(secrets)).as("what is absent is asked for each time").isEqualTo("third");
      secrets.retain(instance, Set.of("another"));
      nobodyIsAskedForAnyMore();
      assertThat(read(secrets)).isEqualTo("third");

      secrets.forget(instance);
      nobodyIsAskedForAnyMore();
    }
  }

  /** A host was added: the certificate for it must not wait for the next round. */
  @Test
  void readAnewWhenWhatItIsAboutHasChanged() {
    write("first");
    try (var secrets = new InstanceSecrets(client, Duration.ofHours(1), told::add)) {
      assertThat(secrets.read(instance, "own", "1")).isPresent();
      write("second");
      var looked = looks.get();
      assertThat(secrets.read(instance, "own", "1").orElseThrow().getData())
          .containsEntry("content", encoded("first"));
      assertThat(looks.get()).as("remembered").isEqualTo(looked);
      assertThat(secrets.read(instance, "own", "2").orElseThrow().getData())
          .containsEntry("content", encoded("second"));
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void nobodyIsAskedForAnyMore() {
    await("nobody is asked for any more")
        .atMost(PATIENCE)
        .until(() -> {
          var before = looks.get();
          Thread.sleep(300);
          return looks.get() == before;
        });
  }

  private String read(InstanceSecrets secrets) {
    return secrets
        .read(instance, "own")
        .map(Secret::getData)
        .map(data ->
            new String(Base64.getDecoder().decode(data.get("content")), StandardCharsets.UTF_8))
        .orElseThrow();
  }

  private void write(String content) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("own")
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("content", content))
                .build())
        .serverSideApply();
  }

  private void looked(int times) {
    var before = looks.get();
    await(times + " more looks").atMost(PATIENCE).until(() -> looks.get() >= before + times);
  }
}
