package io.mapwright.operator.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that waits until a drill is cut off, with a restic of the test's own. */
class SealTest {
  @TempDir Path dir = Path.of("/");

  @BeforeEach
  void work() throws IOException {
    Files.createDirectories(dir.resolve("work"));
    Files.createDirectories(dir.resolve("bin"));
    Files.writeString(dir.resolve("work/patience"), "5\n");
  }

  /** It answers as often as this, and not any more. */
  private void answers(int times) throws IOException {
    var restic =
        "#!/bin/sh\necho x >> '%1$s/asked'\n[ \"$(wc -l < '%1$s/asked')\" -le %2$d ]\n"
            .formatted(dir, times);
    Files.writeString(dir.resolve("bin/restic"), restic);
    Files.setPosixFilePermissions(
        dir.resolve("bin/restic"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String seal(int seconds) throws Exception {
    var script =
        Scripts.of("common.sh", "seal.sh")
            .replace("/tmp/", dir + "/")
            .replace("/work/", dir + "/work/")
            .replace("/dev/termination-log", dir + "/said")
            .replace("+ 300", "+ " + seconds);
    var builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    builder.environment().put("PATH", dir.resolve("bin") + ":" + System.getenv("PATH"));
    var process = builder.start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(text).isIn(0, 68);
    return Files.readString(dir.resolve("said"));
  }

  private long asked() throws IOException {
    try (var lines = Files.lines(dir.resolve("asked"))) {
      return lines.count();
    }
  }

  @Test
  void goesOnOnceTheRepositoryIsOutOfReach() throws Exception {
    answers(2);
    assertThat(seal(60)).contains("exit=0");
    assertThat(asked()).as("two answers, and two tries without").isEqualTo(4);
  }

  @Test
  void endsTheDrillIfItStaysInReach() throws Exception {
    answers(1000);
    assertThat(seal(2)).contains("exit=68").contains("stage=seal").contains("not started");
  }
}
