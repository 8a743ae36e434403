package io.mapwright.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the API server itself admits and refuses, by the CRDs in {@code crds/}. One file a case;
 * {@code invalid-*} begins with a comment that says what the server's message must contain.
 */
@ExtendWith(ApiServer.class)
class AdmissionIT {
  private static final Path CASES = Path.of("src", "test", "resources", "admission");
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final Path SAMPLES = Path.of("..", "samples");
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String OURS = "mapwright.io/";

  private final ApiServer.Running server;

  AdmissionIT(ApiServer.Running server) {
    this.server = server;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void invalidObjectIsRefusedWithAWordOnWhy(Path file) throws IOException {
    var text = Files.readString(file);
    assertThat(text).as("the first line says what the message must contain").startsWith("# ");
    var message = text.lines().findFirst().orElseThrow().substring(2);
    for (var object : objects(text)) {
      assertThatThrownBy(() -> admit(object))
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> assertThat(e.getCode()).as(e.getMessage()).isIn(400, 422))
          .hasMessageContaining(message);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void validObjectIsAdmittedWithAllItsFields(Path file) throws IOException {
    for (var object : objects(Files.readString(file))) {
      assertThatCode(() -> admit(object)).doesNotThrowAnyException();
    }
  }

  @Test
  void everyKindHasCasesOfBothSorts() throws IOException {
    for (var kind : List.of("mapwrightinstance", "apikey", "originpolicy")) {
      for (var sort : List.of("valid-", "invalid-")) {
        assertThat(files(CASES.resolve(kind), sort)).as(kind + "/" + sort).isNotEmpty();
      }
    }
  }

  /** Of two keys with one digest the older one keeps it: no old object may take up a new digest. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"spec\":{\"digest\":\"%s\"}}", "{\"spec\":{\"digest\":null}}"})
  void digestStaysWhatItIs(String patch) {
    var namespace = server.namespace("digest");
    try {
      var key = Given.key(namespace, "given", digest("a"));
      key.getMetadata().setResourceVersion(null);
      var keys = server.admin().resource(key);
      keys.create();
      assertThatThrownBy(() -> keys.patch(MERGE, patch.formatted("b".repeat(64))))
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("make another ApiKey");
      assertThatCode(() -> keys.patch(MERGE, "{\"spec\":{\"revoked\":true}}"))
          .doesNotThrowAnyException();
    } finally {
      server.admin().namespaces().withName(namespace).delete();
    }
  }

  private static String digest(String digit) {
    return "instanceRef: {name: tiles}\nscopes: [tiles]\ndigest: " + digit.repeat(64);
  }

  @Test
  void instanceOfNearlyOneMebibyteIsAdmitted() {
    assertThatCode(() -> admit(instanceOfSize("large", 1_000_000))).doesNotThrowAnyException();
  }

  @Test
  void instanceOfMoreThanEtcdTakesIsRefused() {
    assertThatThrownBy(() -> admit(instanceOfSize("too-large", 2_000_000)))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("too large");
  }

  private GenericKubernetesResource instanceOfSize(String name, int bytes) {
    var value = "x".repeat(bytes / 100);
    var env =
        IntStream.range(0, 100)
            .mapToObj(i -> Map.of("name", "VARIABLE_" + i, "value", value))
            .toList();
    var object = new GenericKubernetesResource();
    object.setApiVersion("mapwright.io/v1alpha1");
    object.setKind("MapwrightInstance");
    object.setMetadata(new ObjectMetaBuilder().withName(name).build());
    object.setAdditionalProperty(
        "spec",
        Map.of(
            "hosts",
            List.of("maps.example.com"),
            "server",
            Map.of("image", "server:1", "env", env),
            "tls",
            Map.of("secretName", "maps-tls")));
    return object;
  }

  private void admit(GenericKubernetesResource object) {
    var namespace = server.namespace("admission");
    try {
      server
          .admin()
          .genericKubernetesResources(object.getApiVersion(), object.getKind())
          .inNamespace(namespace)
          .resource(object)
          .fieldValidation(Validation.STRICT)
          .create();
    } finally {
      server.admin().namespaces().withName(namespace).delete();
    }
  }

  /** Objects of other projects in a sample are none of our CRDs' business. */
  private static List<GenericKubernetesResource> objects(String text) {
    return Arrays.stream(text.split("(?m)^---\\s*$", -1))
        .filter(part -> part.contains("kind:"))
        .map(part -> Serialization.unmarshal(part, GenericKubernetesResource.class))
        .filter(object -> object.getApiVersion().startsWith(OURS))
        .toList();
  }

  private static Stream<Path> invalid() throws IOException {
    return files(CASES, "invalid-").stream();
  }

  private static Stream<Path> valid() throws IOException {
    return Stream.of(files(CASES, "valid-"), files(GOLDEN, "in-"), files(SAMPLES, ""))
        .flatMap(Set::stream);
  }

  private static Set<Path> files(Path folder, String prefix) throws IOException {
    var found = new TreeSet<Path>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.walk(folder)) {
        files
            .filter(file -> file.getFileName().toString().startsWith(prefix))
            .filter(file -> file.getFileName().toString().endsWith(".yaml"))
            .forEach(found::add);
      }
    }
    return found;
  }
}
