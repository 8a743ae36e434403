package io.mapwright.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code crds/} is what the Java types say. {@code -Dcrd.update=true} rewrites it.
 *
 * <p>The generator sorts printer columns by path; here they are put back in the order in which they
 * are declared, for kubectl shows them so. It also writes what the API server drops or writes
 * otherwise, which tools that compare would report forever: priority 0, and whole numbers as
 * floating-point ones, some of which YAML 1.1 takes for text.
 */
class CrdDriftTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));
  private static final Path GENERATED = Path.of("..", "core", "target", "crds");
  private static final Path COMMITTED = Path.of("..", "crds");
  private static final Path CHARTED =
      Path.of("..", "charts", "mapwright-operator", "files", "crds");

  @ParameterizedTest
  @ValueSource(classes = {MapwrightInstance.class, ApiKey.class, OriginPolicy.class})
  void committedCrdIsWhatTheTypesSay(Class<? extends HasMetadata> kind) throws IOException {
    var wanted = YAML.writeValueAsString(crd(kind));
    var file = COMMITTED.resolve(name(kind) + ".yaml");
    if (Boolean.getBoolean("crd.update")) {
      Files.writeString(file, wanted);
      Files.writeString(CHARTED.resolve(file.getFileName()), wanted);
    }
    assertThat(file)
        .as("run: mvn -pl operator test -Dtest=CrdDriftTest -Dcrd.update=true")
        .content()
        .isEqualTo(wanted);
  }

  @Test
  void nothingElseIsInTheFolder() throws IOException {
    try (var files = Files.list(COMMITTED)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "mapwrightinstances.mapwright.io.yaml",
              "apikeys.mapwright.io.yaml",
              "originpolicies.mapwright.io.yaml");
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {MapwrightInstance.class, ApiKey.class, OriginPolicy.class})
  void everyFieldHasADescription(Class<? extends HasMetadata> kind) throws IOException {
    var version = crd(kind).at("/spec/versions/0/schema/openAPIV3Schema");
    var bare = new TreeSet<String>();
    undescribed(version.at("/properties/spec"), "spec", bare);
    undescribed(version.at("/properties/status"), "status", bare);
    // The standard condition type comes from the Kubernetes model, which carries no descriptions.
    bare.removeIf(path -> path.startsWith("status.conditions."));
    assertThat(bare).isEmpty();
  }

  /** By kstatus a fresh object would be done, with no operator at all. */
  @ParameterizedTest
  @ValueSource(classes = {MapwrightInstance.class, ApiKey.class, OriginPolicy.class})
  void freshObjectWasSeenByNobody(Class<? extends HasMetadata> kind) throws IOException {
    var status = crd(kind).at("/spec/versions/0/schema/openAPIV3Schema/properties/status/default");
    assertThat(status).hasToString("{\"observedGeneration\":-1}");
  }

  /** YAML 1.1, which PyYAML and so Ansible read, takes 1.0E9 without a sign for text. */
  @ParameterizedTest
  @ValueSource(classes = {MapwrightInstance.class, ApiKey.class, OriginPolicy.class})
  void numbersAreWhole(Class<? extends HasMetadata> kind) throws IOException {
    assertThat(Files.readString(COMMITTED.resolve(name(kind) + ".yaml")).lines())
        .noneMatch(line -> line.matches(".*: [0-9]+[.][0-9]+(E[0-9]+)?"))
        .doesNotContain("      priority: 0");
  }

  private static void undescribed(JsonNode schema, String path, Set<String> bare) {
    schema
        .path("properties")
        .properties()
        .forEach(field -> {
          var child = path + "." + field.getKey();
          if (!field.getValue().has("description")) {
            bare.add(child);
          }
          undescribed(field.getValue(), child, bare);
          undescribed(field.getValue().path("items"), child, bare);
        });
  }

  private static JsonNode crd(Class<? extends HasMetadata> kind) throws IOException {
    var crd =
        withWholeNumbers(
            YAML.readTree(Files.readString(GENERATED.resolve(name(kind) + "-v1.yml"))));
    for (var version : crd.at("/spec/versions")) {
      reorder((ObjectNode) version, declaredColumns(kind));
    }
    return crd;
  }

  private static void reorder(ObjectNode version, List<String> names) {
    var columns = new ArrayList<JsonNode>();
    version.path("additionalPrinterColumns").forEach(columns::add);
    columns.sort(
        (a, b) -> names.indexOf(a.get("name").asText()) - names.indexOf(b.get("name").asText()));
    ArrayNode sorted = version.putArray("additionalPrinterColumns");
    columns.forEach(sorted::add);
    columns.stream()
        .filter(column -> column.path("priority").asInt() == 0)
        .forEach(column -> ((ObjectNode) column).remove("priority"));
  }

  private static JsonNode withWholeNumbers(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        object.properties().forEach(field -> field.setValue(withWholeNumbers(field.getValue())));
        yield object;
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, withWholeNumbers(array.get(i)));
        }
        yield array;
      }
      case DoubleNode number when number.canConvertToExactIntegral() ->
          LongNode.valueOf(number.longValue());
      default -> node;
    };
  }

  private static List<String> declaredColumns(Class<? extends HasMetadata> kind) {
    return List.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class)).stream()
        .map(AdditionalPrinterColumn::name)
        .toList();
  }

  private static String name(Class<? extends HasMetadata> kind) {
    return HasMetadata.getFullResourceName(kind);
  }
}
