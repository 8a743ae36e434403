package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a drill asks of the restored server, which is a folder of answers here. */
class ProbeScriptTest {
  private static final String WGET =
      """
      out=/dev/null
      while [ $# -gt 1 ]; do
        [ "$1" != -O ] || out=$2
        shift
      done
      path=${1#http://127.0.0.1:8080}
      echo "$path" >> "$ASKED"
      cat "$SERVED$path" > "$out"
      """;

  @TempDir Path root = Path.of("/");

  private ScriptFolder folder() throws IOException {
    return new ScriptFolder(root);
  }

  @BeforeEach
  void server() throws IOException {
    folder().program("wget", WGET);
    folder().file("work/begun", "0\n");
    serves("health", "ok");
  }

  private void serves(String path, String answer) throws IOException {
    folder().file("served/" + path, answer);
  }

  private JobReport probe(String paths) throws Exception {
    return folder()
        .run(
            Scripts.of("common.sh", "probe.sh"),
            Map.of(
                "DRILL_PORT",
                "8080",
                "DRILL_HEALTH",
                "/health",
                "DRILL_SECONDS",
                "5",
                "DRILL_PATHS",
                paths,
                "SERVED",
                root.resolve("served").toString(),
                "ASKED",
                root.resolve("asked").toString()))
        .report();
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(root.resolve("asked"));
  }

  @Test
  void tileIsOfTheLowestZoomUnderTheMiddleOfItsBounds() throws Exception {
    serves(
        "data.json",
        "[{\"tiles\":[\"http://127.0.0.1:8080/data/town/{z}/{x}/{y}.pbf\"],\"name\":\"{minzoom: 3}\","
            + "\"vector_layers\":[{\"id\":\"roads\",\"minzoom\":9,\"tiles\":[\"no\"]}],"
            + "\"bounds\":[10.5,59.8,11,60],\"minzoom\":8},"
            + "{\"tiles\":[\"http://127.0.0.1:8080/data/other/{z}/{x}/{y}.pbf\"],\"minzoom\":1}]");
    serves("data/town/8/135/74.pbf", "tile");
    assertThat(probe("").number("checks", 0)).contains(1L);
  }

  @Test
  void centerIsWhereItsAuthorSaysThatSomethingIs() throws Exception {
    serves(
        "data.json",
        "[{\"minzoom\": 14, \"bounds\": [-10, 40, 10, 52], \"center\": [2.3522, 48.8566, 14],"
            + " \"tiles\": [\"https:\\/\\/maps.example.com\\/data\\/paris\\/{z}\\/{x}\\/{y}.png\"]}]");
    serves("data/paris/14/8299/5636.png", "tile");
    assertThat(probe("").number("checks", 0)).contains(1L);
  }

  @Test
  void worldIsOneTile() throws Exception {
    serves("data.json", "[{\"tiles\":[\"http://h/data/a b/{z}/{x}/{y}.pbf\"],\"minzoom\":0}]");
    serves("styles.json", "[{\"id\":\"basic\",\"url\":\"http://h/styles/basic/style.json\"}]");
    serves("fonts.json", "[\"Noto Sans\",\"Other\"]");
    serves("data/a%20b/0/0/0.pbf", "tile");
    serves("styles/basic/style.json", "style");
    serves("fonts/Noto%20Sans/0-255.pbf", "glyphs");
    assertThat(probe("").number("checks", 0)).contains(3L);
  }

  @Test
  void serverThatListsNothingIsAskedForItsHealth() throws Exception {
    assertThat(probe("").number("checks", 0)).contains(0L);
    assertThat(asked()).contains("/health", "/data.json");
  }

  @Test
  void emptyTileFails() throws Exception {
    serves("data/x/0/0/0.pbf", "");
    var report = probe("/data/x/0/0/0.pbf");
    assertThat(report.exitCode()).isEqualTo(67);
    assertThat(report.stage()).isEqualTo("/data/x/0/0/0.pbf");
  }
}
