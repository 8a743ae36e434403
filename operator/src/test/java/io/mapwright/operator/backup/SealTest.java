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

/** The script that waits until a drill is cut off, with a restic and a time of the test's own. */
class SealTest {
  @TempDir Path dir = Path.of("/");

  /** Time goes by when the script sleeps, thirty times as fast. */
  @BeforeEach
  void work() throws IOException {
    Files.createDirectories(dir.resolve("work"));
    Files.createDirectories(dir.resolve("bin"));
    Files.writeString(dir.resolve("work/patience"), "5\n");
    Files.writeString(dir.resolve("clock"), "1000\n");
    program("date", "[ \"$1\" = -u ] || cat 'DIR/clock'\n");
    program("sleep", "echo $(($(cat 'DIR/clock') + 30 * $1)) > 'DIR/clock'\n");
  }

  private void program(String name, String script) throws IOException {
    var file = dir.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script.replace("DIR", dir.toString()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** It answers as often as this, and not any more. */
  private void answers(int times) throws IOException {
    program("restic", "echo x >> 'DIR/asked'\n[ \"$(wc -l < 'DIR/asked')\" -le " + times + " ]\n");
  }

  private String seal() throws Exception {
    var script =
        Scripts.of("common.sh", "seal.sh")
            .replace("/tmp/", dir + "/")
            .replace("/work/", dir + "/work/")
            .replace("/dev/termination-log", dir + "/said");
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
    assertThat(seal()).contains("exit=0");
    assertThat(asked()).as("two answers, and two tries without").isEqualTo(4);
  }

  @Test
  void endsTheDrillIfItStaysInReach() throws Exception {
    answers(1000);
    assertThat(seal()).contains("exit=68").contains("stage=seal").contains("not started");
    assertThat(asked()).as("for five minutes").isEqualTo(11);
  }
}
