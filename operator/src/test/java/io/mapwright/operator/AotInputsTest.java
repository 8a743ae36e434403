package io.mapwright.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What e2e/image/build asks of an image: that its AOT cache was made from what is in it. */
class AotInputsTest {
  private static final Path LIB = Path.of("..", "e2e", "image", "lib.sh").toAbsolutePath();
  private static final FileTime TIME = FileTime.from(Instant.EPOCH.plusSeconds(1));

  @TempDir Path root = Path.of("/");

  @BeforeEach
  void image() throws Exception {
    write("app/jib-classpath-file", "/app/classpath/*:/app/libs/b.jar:/app/libs/a.jar");
    write("app/classpath/operator.jar", "operator");
    write("app/libs/a.jar", "a");
    write("app/libs/b.jar", "b");
    write("app/jvm.options", "-XX:+UseSerialGC");
    write("opt/java/release", "25.0.3");
    write("opt/java/lib/modules", "modules");
    assertThat(bash("aot_inputs \"$1\" > \"$1/app/operator.aot.inputs\"")).isEmpty();
  }

  /** As in the image, where all files have one time. */
  private void write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, TIME);
  }

  private String bash(String command) throws Exception {
    var script = "set -euo pipefail; . \"$0\"; " + command;
    var process =
        new ProcessBuilder("bash", "-c", script, LIB.toString(), root.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? text : "failed: " + text;
  }

  private String checked() throws Exception {
    return bash("same_aot_inputs \"$1\"");
  }

  @Test
  void cacheMadeFromWhatIsThereIsTaken() throws Exception {
    assertThat(checked()).isEmpty();
  }

  /** The length and the time are all that a JVM looks at. */
  @Test
  void jarReplacedByOneOfItsLengthAndTimeIsSeen() throws Exception {
    write("app/libs/a.jar", "x");
    assertThat(checked()).startsWith("failed:").contains("app/libs/a.jar");
  }

  @Test
  void anotherOrderOrNumberOfJarsIsSeen() throws Exception {
    write("app/jib-classpath-file", "/app/classpath/*:/app/libs/a.jar:/app/libs/b.jar");
    assertThat(checked()).startsWith("failed:");
    write("app/jib-classpath-file", "/app/classpath/*:/app/libs/b.jar");
    assertThat(checked()).startsWith("failed:").contains("app/libs/a.jar");
  }

  @Test
  void anotherOperatorRuntimeOrOptionIsSeen() throws Exception {
    for (var path :
        new String[] {"app/classpath/operator.jar", "app/jvm.options", "opt/java/lib/modules"}) {
      var before = Files.readString(root.resolve(path));
      write(path, "replaced");
      assertThat(checked()).startsWith("failed:").contains(path);
      write(path, before);
    }
    assertThat(checked()).isEmpty();
  }

  @Test
  void cacheOfUnknownOriginIsNotTaken() throws Exception {
    Files.delete(root.resolve("app/operator.aot.inputs"));
    assertThat(checked()).startsWith("failed:");
  }
}
