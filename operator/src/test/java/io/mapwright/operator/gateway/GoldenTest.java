package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Rendered files against those in the repository; {@code -Dgolden.update=true} rewrites them for
 * review.
 */
class GoldenTest {
  static final Path FOLDER = Path.of("src/test/resources/gateway/golden");
  private static final Path PROBLEMS = Path.of("../docs/problems.md");

  @TestFactory
  Stream<DynamicTest> rendersWhatIsKept() {
    return GoldenCases.all().entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(), () -> compare(entry.getKey(), files(entry.getValue()))));
  }

  @Test
  void keepsNothingElse() throws IOException {
    try (var folders = Files.list(FOLDER)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet()))
          .isEqualTo(GoldenCases.all().keySet());
    }
  }

  @Test
  void documentsEveryProblem() throws IOException {
    var page = Files.readString(PROBLEMS);
    var table = GatewayProblem.table();
    if (Boolean.getBoolean("golden.update")) {
      page = page.replaceFirst("(?m)(?:^\\|.*\n)+", Matcher.quoteReplacement(table));
      Files.writeString(PROBLEMS, page);
    }
    assertThat(page.lines().filter(line -> line.startsWith("|")))
        .as(PROBLEMS.toString())
        .containsExactlyElementsOf(table.lines().toList());
  }

  static Map<String, String> files(GatewaySettings settings) {
    return Map.of(
        HaproxyConfig.FILE_NAME, HaproxyConfig.render(settings, GatewayPaths.DEFAULTS),
        RouteMap.FILE_NAME, RouteMap.render(settings.allRoutes()));
  }

  private static void compare(String name, Map<String, String> files) throws IOException {
    var folder = FOLDER.resolve(name);
    for (var file : files.entrySet()) {
      var kept = folder.resolve(file.getKey());
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(folder);
        Files.writeString(kept, file.getValue());
      }
      assertThat(file.getValue()).as(kept.toString()).isEqualTo(Files.readString(kept));
    }
  }
}
