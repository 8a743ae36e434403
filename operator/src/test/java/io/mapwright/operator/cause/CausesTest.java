package io.mapwright.operator.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was seen on a real node, and what is said of it: the story {@code causes} recorded the input
 * of each case ({@code RECORD}), and compares the same words there.
 */
class CausesTest {
  private static final Path CASES = Path.of("src", "test", "resources", "causes");

  /** After all that was recorded, so that no start is too young. */
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  static Stream<String> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void causeIsTold(String name) throws IOException {
    var folder = CASES.resolve(name);
    var evidence = evidence(folder);
    var said =
        evidence.cause(evidence.subject().flatMap(subject -> event(folder, subject))).orElseThrow();
    var told = said.reason() + ": " + said.message() + "\n";
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(folder.resolve("out.txt"), told);
    }
    assertThat(told).isEqualTo(Files.readString(folder.resolve("out.txt")));
  }

  @Test
  void enoughSortsAreKnown() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(12);
  }

  private static Evidence evidence(Path folder) throws IOException {
    var instance =
        Serialization.unmarshal(
            Files.readString(folder.resolve("in.json")), MapwrightInstance.class);
    instance.getMetadata().setUid("uid");
    var seen = items(folder);
    return new Evidence(
        Given.input(instance),
        of(seen, "Deployment", Deployment.class).findFirst(),
        of(seen, "Pod", Pod.class).toList(),
        LATER);
  }

  private static List<GenericKubernetesResource> items(Path folder) throws IOException {
    return Serialization.unmarshal(
            Files.readString(folder.resolve("seen.json")), GenericKubernetesResourceList.class)
        .getItems();
  }

  private static <T> Stream<T> of(
      List<GenericKubernetesResource> seen, String kind, Class<T> type) {
    return seen.stream()
        .filter(object -> object.getKind().equals(kind))
        .map(object -> Serialization.unmarshal(Serialization.asJson(object), type));
  }

  /** As the API server would choose them by its field selector. */
  private static Optional<EventMessage> event(Path folder, Subject subject) {
    try {
      var events =
          Serialization.unmarshal(Files.readString(folder.resolve("events.json")), EventList.class);
      return EventMessage.newest(
          events.getItems().stream()
              .filter(e -> e.getInvolvedObject().getKind().equals(subject.kind()))
              .filter(e -> e.getInvolvedObject().getName().equals(subject.name()))
              .toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
