package io.mapwright.operator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.gateway.CommandFilter;
import io.mapwright.operator.gateway.Lending;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.plan.InstancePlan.Planned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Cases with their input, and what is rendered from it, as files. */
final class Golden {
  static final Path CASES = Path.of("src", "test", "resources", "golden");
  private static final Path SAMPLES = Path.of("..", "samples");
  private static final String SAMPLE = "sample-";

  /** Nothing here is a secret; it only has to be the same every time. */
  private static final GeneratedSecrets MATERIALS =
      new GeneratedSecrets(
          new TreeMap<>(Map.of("ca.crt", "a", "ca.key", "b", "tls.crt", "c", "tls.key", "d")),
          new TreeMap<>(Map.of("current", "e", "rotatedAt", "2027-03-01T00:00:00Z")),
          "f");

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  private Golden() {}

  /** Names of the folders, and one for each sample. */
  static Set<String> cases() {
    var names = new TreeSet<String>();
    folders(CASES).forEach(names::add);
    folders(SAMPLES).forEach(sample -> names.add(SAMPLE + sample));
    return names;
  }

  private static List<String> folders(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (var folders = Files.list(parent)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Renders a case: file name to content. */
  static SortedMap<String, String> render(String name) {
    var instances = instances(name);
    var files = new TreeMap<String, String>();
    for (var instance : instances) {
      var folder = instances.size() == 1 ? "" : instance.getMetadata().getName() + "-";
      for (var object : objects(input(instance))) {
        if (object instanceof ConfigMap config) {
          config
              .getData()
              .replaceAll((file, content) -> {
                if (content.isEmpty()) {
                  return content;
                }
                if (file.equals(CommandFilter.FILE_NAME) || file.equals(Lending.FILE_NAME)) {
                  return "the same for all instances\n";
                }
                files.put(folder + file, content);
                return "in the file " + folder + file + "\n";
              });
        }
        files.put(
            "out-" + object.getKind() + "-" + object.getMetadata().getName() + ".yaml",
            yaml(object));
      }
    }
    return files;
  }

  static List<MapwrightInstance> instances(String name) {
    var sample = name.startsWith(SAMPLE);
    var folder = sample ? SAMPLES.resolve(name.substring(SAMPLE.length())) : CASES.resolve(name);
    var found = new ArrayList<MapwrightInstance>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var text = file.getFileName().toString();
        if (text.endsWith(".yaml") && (sample || text.startsWith("in-"))) {
          Arrays.stream(Files.readString(file).split("(?m)^---\\s*$", -1))
              .filter(part -> part.contains("kind: MapwrightInstance"))
              .map(part -> Serialization.unmarshal(part, MapwrightInstance.class))
              .forEach(found::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  static InstanceInput input(MapwrightInstance instance) {
    var meta = instance.getMetadata();
    if (meta.getNamespace() == null) {
      meta.setNamespace("maps");
    }
    meta.setUid("00000000-0000-0000-0000-000000000001");
    var in = InstanceInput.of(instance, Given.SETTINGS, Set.of(Capability.values()), MATERIALS);
    return meta.getDeletionTimestamp() == null ? in : in.with(backingUp(instance, in));
  }

  /** The final backup of a deleted instance whose server has stopped. */
  private static DeletionProgress backingUp(MapwrightInstance instance, InstanceInput in) {
    var stopped = new RestoreFacts(true, Optional.empty());
    var backups = new BackupFacts(Optional.empty(), List.of(), Optional.empty(), stopped);
    var now = Instant.parse(instance.getMetadata().getDeletionTimestamp());
    return new FinalBackupDecision(instance, in, backups, Optional.empty(), now).progress();
  }

  static List<HasMetadata> objects(InstanceInput in) {
    return InstancePlan.of(in).stream().<HasMetadata>map(Planned::desired).toList();
  }

  private static String yaml(HasMetadata object) {
    try {
      var tree = YAML.readTree(Serialization.asJson(object));
      return YAML.writeValueAsString(sorted(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var result = JsonNodeFactory.instance.objectNode();
      var names = new TreeSet<String>();
      object.fieldNames().forEachRemaining(names::add);
      names.forEach(field -> result.set(field, sorted(object.get(field))));
      return result;
    }
    if (node instanceof ArrayNode array) {
      var result = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> result.add(sorted(item)));
      return result;
    }
    return node;
  }
}
