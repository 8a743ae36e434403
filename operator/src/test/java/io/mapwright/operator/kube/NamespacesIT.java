package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class NamespacesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ApiServer.Running server;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  NamespacesIT(ApiServer.Running server) {
    this.server = server;
  }

  @Test
  void labelsAreFollowedAndOtherChangesAreNoNews() {
    var web = server.namespace("guests");
    try (var client = server.client();
        var namespaces = Namespaces.all(client)) {
      namespaces.listen(told::add);
      assertThat(namespaces.settled()).isFalse();
      namespaces.start();
      await("all are listed").atMost(PATIENCE).until(namespaces::known);
      assertThat(namespaces.labels(web)).containsEntry("kubernetes.io/metadata.name", web);
      await("each is reported").atMost(PATIENCE).until(() -> told.contains(web));
      told.clear();
      patch(web, "{\"metadata\":{\"annotations\":{\"note\":\"x\"}}}");
      patch(web, "{\"metadata\":{\"labels\":{\"team\":\"maps\"}}}");
      await("the label is reported").atMost(PATIENCE).until(() -> told.contains(web));
      assertThat(namespaces.labels(web)).containsAllEntriesOf(Map.of("team", "maps"));
      told.clear();
      patch(web, "{\"metadata\":{\"annotations\":{\"note\":\"y\"}}}");
      await("nothing is reported")
          .during(Duration.ofSeconds(1))
          .atMost(PATIENCE)
          .until(told::isEmpty);
    }
  }

  @Test
  void missingRightHoldsUpNothingAndAdmitsNobody() {
    var web = server.namespace("unseen");
    try (var client = server.as("nobody");
        var namespaces = Namespaces.all(client)) {
      namespaces.start();
      await("it is known to be refused").atMost(PATIENCE).until(namespaces::settled);
      assertThat(namespaces.known()).isFalse();
      assertThat(namespaces.labels(web)).isEmpty();
    }
  }

  private void patch(String namespace, String json) {
    server.admin().namespaces().withName(namespace).patch(json);
  }
}
