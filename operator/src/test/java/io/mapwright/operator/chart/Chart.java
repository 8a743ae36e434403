package io.mapwright.operator.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The chart, rendered by Helm. */
final class Chart {
  static final Path FOLDER = Path.of("..", "charts", "mapwright-operator");
  static final String NAMESPACE = "mapwright-system";
  static final String IMAGE = "registry.example.com/mapwright/operator";

  /** A mapper that knows YAML and JSON. */
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Values that grant all rights there are. */
  private static final List<String> ALL_RIGHTS =
      List.of(
          "restores.keys=true",
          "optionalKinds.certificates=true",
          "optionalKinds.httpRoutes=true",
          "optionalKinds.serviceMonitors=true");

  private static final Optional<String> HELM = helm();

  private Chart() {}

  /** Objects of a release, with the values of {@code --set} arguments. */
  static List<JsonNode> render(String... values) {
    var result = template(values);
    if (result.status() != 0) {
      throw new IllegalArgumentException(result.output());
    }
    return parse(result.output());
  }

  /** Objects of a release with the values of a file. */
  static List<JsonNode> renderFile(Path values) {
    var result = run(command(Stream.of("--values", values.toString())));
    if (result.status() != 0) {
      throw new IllegalArgumentException(result.output());
    }
    return parse(result.output());
  }

  /** The same where all is switched on, in a cluster with all kinds of other projects. */
  static List<JsonNode> renderWithAllRights(String... values) {
    return render(Stream.concat(Stream.of(values), ALL_RIGHTS.stream()).toArray(String[]::new));
  }

  /** Helm's complaint about values. */
  static String complaint(String... values) {
    var result = template(values);
    return result.status() == 0 ? "" : result.output();
  }

  static JsonNode find(List<JsonNode> objects, String kind) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind));
  }

  static JsonNode find(List<JsonNode> objects, String kind, String name) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  static List<String> kinds(List<JsonNode> objects) {
    return objects.stream().map(object -> object.path("kind").asText()).toList();
  }

  private static List<JsonNode> parse(String yaml) {
    var objects = new ArrayList<JsonNode>();
    try (var parser = YAML.createParser(yaml)) {
      YAML.readValues(parser, JsonNode.class)
          .forEachRemaining(node -> {
            if (node.has("kind")) {
              objects.add(node);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  private static Result template(String... values) {
    return run(command(Stream.of(values).flatMap(value -> Stream.of("--set", value))));
  }

  private static List<String> command(Stream<String> values) {
    Assumptions.assumeTrue(HELM.isPresent(), "no Helm: e2e/image/helm could not fetch it by npm");
    return Stream.concat(
            Stream.of(
                HELM.orElseThrow(),
                "template",
                "mapwright-operator",
                FOLDER.toString(),
                "--namespace",
                NAMESPACE,
                "--set",
                "image.repository=" + IMAGE),
            values)
        .toList();
  }

  private static Optional<String> helm() {
    var result = run(List.of(Path.of("..", "e2e", "image", "helm").toString()));
    return result.status() == 0
        ? result.output().lines().reduce((_, last) -> last)
        : Optional.empty();
  }

  private static Result run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(2, TimeUnit.MINUTES)
          ? new Result(process.exitValue(), output)
          : new Result(-1, output);
    } catch (IOException e) {
      return new Result(-1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(-1, "interrupted");
    }
  }

  private record Result(int status, String output) {}
}
