package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.cause.EventMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class EventReaderIT {
  private final KubernetesClient client;
  private final ApiServer.Running server;

  EventReaderIT(ApiServer.Running server) {
    this.server = server;
    client = server.client();
  }

  private void event(
      String namespace, String pod, String name, String type, String words, String at) {
    server
        .admin()
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod)
                .withNamespace(namespace)
                .endInvolvedObject()
                .withReason("FailedMount")
                .withType(type)
                .withMessage(words)
                .withLastTimestamp(at)
                .build())
        .create();
  }

  @Test
  void newestWarningOfThatPodIsRead() {
    var namespace = server.namespace("events");
    event(namespace, "tiles-1", "a", "Warning", "newest", "2027-03-01T12:02:00Z");
    event(namespace, "tiles-1", "b", "Warning", "older", "2027-03-01T12:01:00Z");
    event(namespace, "tiles-1", "c", "Normal", "good news", "2027-03-01T12:03:00Z");
    event(namespace, "tiles-2", "d", "Warning", "another pod", "2027-03-01T12:04:00Z");
    var reader = new EventReader(client);
    assertThat(reader.newest(namespace, "Pod", "tiles-1"))
        .contains(new EventMessage("FailedMount", "newest"));
    assertThat(reader.newest(namespace, "PersistentVolumeClaim", "tiles-1")).isEmpty();
    assertThat(reader.newest(server.namespace("none"), "Pod", "tiles-1")).isEmpty();
  }

  @Test
  void eventsOfAnySizeAreNotReadToTheirEnd() {
    var namespace = server.namespace("large");
    for (int n = 0; n < 3; n++) {
      event(namespace, "tiles-1", "e" + n, "Warning", "x".repeat(100_000), "2027-03-01T12:00:00Z");
    }
    assertThat(new EventReader(client).newest(namespace, "Pod", "tiles-1")).isEmpty();
  }

  @Test
  void eventsWithoutEndAreNotAllRead() {
    var namespace = server.namespace("many");
    for (int n = 0; n < 60; n++) {
      event(namespace, "tiles-1", "e" + n, "Warning", "y".repeat(4_000), "2027-03-01T12:00:00Z");
    }
    assertThat(new EventReader(client).newest(namespace, "Pod", "tiles-1").orElseThrow().message())
        .hasSizeLessThanOrEqualTo(512);
  }
}
