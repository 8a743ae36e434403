package io.mapwright.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every object and file that is rendered from the inputs in {@code golden/<case>/in-*.yaml} and
 * from the samples, compared with what is committed. {@code -Dgolden.update=true} rewrites it; the
 * difference is then reviewed like code.
 */
class GoldenTest {
  private static final Path RENDERED = Path.of("target", "golden");

  static Iterable<String> cases() {
    return Golden.cases();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void whatIsRenderedIsWhatIsCommitted(String name) throws IOException {
    var rendered = Golden.render(name);
    var committed = Golden.CASES.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(committed);
      for (var old : outputs(committed)) {
        Files.delete(committed.resolve(old));
      }
      for (var file : rendered.entrySet()) {
        Files.writeString(committed.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(outputs(committed))
        .as("files of %s; -Dgolden.update=true rewrites them", name)
        .isEqualTo(rendered.keySet());
    var folder = Files.createDirectories(RENDERED.resolve(name));
    for (var file : rendered.entrySet()) {
      var actual = Files.writeString(folder.resolve(file.getKey()), file.getValue());
      assertThat(actual)
          .as("%s/%s; -Dgolden.update=true rewrites it", name, file.getKey())
          .hasSameTextualContentAs(committed.resolve(file.getKey()));
    }
  }

  @Test
  void everySampleWithAnInstanceIsACase() {
    assertThat(Golden.cases()).anyMatch(name -> name.startsWith("sample-"));
    for (var name : Golden.cases()) {
      if (!name.startsWith("sample-")) {
        assertThat(Golden.instances(name)).as(name).isNotEmpty();
      }
    }
  }

  private static Set<String> outputs(Path folder) throws IOException {
    var names = new TreeSet<String>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> !name.startsWith("in-"))
            .forEach(names::add);
      }
    }
    return names;
  }
}
