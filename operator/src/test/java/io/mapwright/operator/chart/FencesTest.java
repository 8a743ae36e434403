package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencesTest {
  private static final Path PAGE = Path.of("..", "docs", "fences.md");

  /** The values of the page, as they stand there. */
  @Test
  void exampleOfThePageIsAFence(@TempDir Path folder) throws IOException {
    var block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(PAGE));
    assertThat(block.find()).isTrue();
    var values = Files.writeString(folder.resolve("values.yaml"), block.group(1));

    var objects = Chart.renderFile(values);

    var list = Chart.find(objects, "ConfigMap", "mapwright-operator-fence-team-a");
    assertThat(list.at("/metadata/namespace").asText()).isEqualTo(Chart.NAMESPACE);
    assertThat(list.at("/data/hosts").asText()).isEqualTo("*.a.example.com\nmaps.a.example.org");
    assertThat(list.at("/data/repositories").asText())
        .isEqualTo("s3:https://s3.example.com/backups/a/");
    var binding =
        Chart.find(objects, "ValidatingAdmissionPolicyBinding", "mapwright-operator-fence-team-a");
    assertThat(binding.at("/spec/paramRef/parameterNotFoundAction").asText()).isEqualTo("Deny");
    assertThat(binding.at("/spec/matchResources/namespaceSelector/matchLabels/team").asText())
        .isEqualTo("a");
  }

  @Test
  void listThatIsLeftOutIsNotFencedAndAnEmptyOneAllowsNothing(@TempDir Path folder)
      throws IOException {
    var values =
        Files.writeString(
            folder.resolve("values.yaml"),
            "fences: [{name: a, namespaceSelector: {matchLabels: {a: b}}, annotations: []}]");
    var data =
        Chart.find(Chart.renderFile(values), "ConfigMap", "mapwright-operator-fence-a")
            .path("data");
    assertThat(data.has("hosts")).isFalse();
    assertThat(data.path("annotations").asText("absent")).isEmpty();
  }

  @Test
  void withoutFencesThereIsNoPolicyForThem() {
    assertThat(Chart.render().toString()).doesNotContain("mapwright-operator-fence");
  }
}
