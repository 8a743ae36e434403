package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the operator relies on of watches that are streams of one connection. */
@ExtendWith(ApiServer.class)
class ApiClientIT {
  /** More kinds than there are, and more requests than there are threads for passes. */
  private static final int KINDS = 30;

  private static final int REQUESTS = 60;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiServer.Running server;

  ApiClientIT(ApiServer.Running server) {
    this.server = server;
  }

  private ConfigMap map(String namespace, String name, String text) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withData(Map.of("text", text))
        .build();
  }

  /** Characters of one to four bytes, so many that frames and buffers end within some. */
  @Test
  void textOfAnyLanguageArrivesAsItIs() {
    var namespace = server.namespace("text");
    var seen = new CopyOnWriteArrayList<String>();
    try (var client = server.watching(Set.of());
        var _ = informer(client, namespace, seen)) {
      var expected = new ArrayList<String>();
      for (var i = 0; i < 20; i++) {
        var text = "x".repeat(i) + "Zürich \u20ac 東京 \ud83d\uddfa".repeat(5_000);
        expected.add(text);
        server.admin().resource(map(namespace, "map-" + i, text)).create();
      }
      await("all of them").atMost(PATIENCE).until(() -> seen.size() >= expected.size());
      assertThat(seen.equals(expected)).as("%s texts are as they were", seen.size()).isTrue();
    }
  }

  @Test
  void requestsPassBesideAWatchOfEachKind() throws Exception {
    try (var client = server.watching(Set.of())) {
      requestsPassBesideWatches(client, KINDS);
    }
  }

  /** More than an API server lets be streams of one connection at a time. */
  @Test
  void requestsPassBesideTheWatchesOfManyNamespaces() throws Exception {
    try (var client = server.watching(Set.of("a", "b", "c", "d"))) {
      requestsPassBesideWatches(client, 4 * KINDS);
    }
  }

  private void requestsPassBesideWatches(KubernetesClient client, int watches) throws Exception {
    var namespace = server.namespace("many");
    var seen = new CopyOnWriteArrayList<String>();
    var informers = new ArrayList<SharedIndexInformer<ConfigMap>>();
    try (var threads = Executors.newFixedThreadPool(REQUESTS)) {
      for (var i = 0; i < watches; i++) {
        informers.add(informer(client, namespace, seen));
      }
      var requests =
          IntStream.range(0, REQUESTS)
              .mapToObj(i ->
                  threads.submit(() -> client.resource(map(namespace, "map-" + i, "a")).create()))
              .toList();
      for (var request : requests) {
        assertThat(request.get().getMetadata().getUid()).isNotNull();
      }
      await("an event of each by each")
          .atMost(PATIENCE)
          .until(() -> seen.size() == watches * REQUESTS);
    } finally {
      informers.forEach(SharedIndexInformer::close);
    }
  }

  private SharedIndexInformer<ConfigMap> informer(
      KubernetesClient client, String namespace, List<String> seen) {
    return client
        .configMaps()
        .inNamespace(namespace)
        .inform(
            new ResourceEventHandler<>() {
              @Override
              public void onAdd(ConfigMap made) {
                if (made.getData() != null && made.getData().containsKey("text")) {
                  seen.add(made.getData().get("text"));
                }
              }

              @Override
              public void onUpdate(ConfigMap before, ConfigMap now) {}

              @Override
              public void onDelete(ConfigMap gone, boolean unknown) {}
            });
  }
}
