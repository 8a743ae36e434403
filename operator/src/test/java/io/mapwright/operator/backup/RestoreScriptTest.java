package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.recovery.KeyLog;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.KeyShard;
import io.mapwright.operator.recovery.PodLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of a restore, with a stand-in for restic that knows three snapshots. */
class RestoreScriptTest {
  private static final String RESTIC =
      """
      #!/bin/sh
      for word; do last=$word; done
      case " $* " in
        *' --json '*) cat "$REPOSITORY/snapshots.json" ;;
        *' ls '*)
          id=$(printf '%s' "$*" | sed 's/.* ls \\([^ ]*\\) .*/\\1/')
          [ ! -d "$REPOSITORY/$id" ] || echo "$last/0.gz"
          ;;
        *' restore '*)
          from=$(printf '%s\n' "$@" | grep ':')
          mkdir -p "$(printf '%s' "$*" | sed 's/.*--target \\([^ ]*\\).*/\\1/')"
          case $from in
            *keys) cp "$REPOSITORY/${from%%:*}"/*.gz "$last" ;;
          esac
          ;;
      esac
      """;
  private static final String SNAPSHOTS =
      "[{\"time\":\"2027-01-01T00:00:00Z\",\"hostname\":\"maps.tiles\",\"id\":\"aaaaaaaa\",\"total_bytes_processed\":1,\"short_id\":\"aaaaaaaa\"},"
          + "{\"time\":\"2027-01-02T00:00:00Z\",\"hostname\":\"maps.tiles\",\"id\":\"bbbbbbbb\",\"total_bytes_processed\":1,\"short_id\":\"bbbbbbbb\"},"
          + "{\"time\":\"2027-01-03T00:00:00Z\",\"hostname\":\"other.one\",\"id\":\"cccccccc\",\"total_bytes_processed\":1,\"short_id\":\"cccccccc\"}]\n";

  @TempDir Path folder;

  @BeforeEach
  void repository() throws IOException {
    var restic = folder.resolve("bin/restic");
    Files.createDirectories(restic.getParent());
    Files.writeString(restic, RESTIC);
    assertThat(restic.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(folder.resolve("tmp"));
    Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(folder.resolve("mapwright/data"));
    Files.createDirectories(folder.resolve("mapwright/keys"));
    Files.createDirectories(folder.resolve("repository"));
    Files.writeString(folder.resolve("repository/snapshots.json"), SNAPSHOTS);
    snapshot("aaaaaaaa", PodLog.record(1));
    snapshot("bbbbbbbb", PodLog.record(1).asRevoked());
    snapshot("cccccccc", PodLog.record(9).asRevoked());
  }

  private void snapshot(String id, KeyRecord record) throws IOException {
    var file = folder.resolve("repository").resolve(id).resolve("0.gz");
    Files.createDirectories(file.getParent());
    Files.write(file, KeyShard.encode(List.of(record)));
  }

  @Test
  void olderSnapshotComesWithWhatTheNewestOfItsInstanceSays() throws Exception {
    restore("aaaaaaaa");
    var log = printed();
    assertThat(log.own).containsExactly(PodLog.record(1));
    assertThat(log.newest).containsExactly(PodLog.record(1).asRevoked());
  }

  @Test
  void newestSnapshotSpeaksForItself() throws Exception {
    restore("bbbbbbbb");
    var log = printed();
    assertThat(log.own).containsExactly(PodLog.record(1).asRevoked());
    assertThat(log.newest).isEmpty();
  }

  private void restore(String snapshot) throws IOException, InterruptedException {
    run(
        Scripts.of("common.sh", "restore.sh"),
        Map.of(
            "RESTORE_ID", "once",
            "RESTORE_SNAPSHOT", snapshot,
            "RESTORE_TIME", "",
            "RESTORE_HOST", "",
            "RESTORE_LOCK", "--no-lock",
            "RESTORE_PARTS", "keys"));
    assertThat(folder.resolve("end")).content().startsWith("stage=done\nexit=0");
  }

  private Printed printed() throws IOException, InterruptedException {
    var printed = new Printed();
    var log = run(Scripts.of("keys.sh"), Map.of());
    KeyLog.read(new ByteArrayInputStream(log.getBytes(StandardCharsets.US_ASCII)), printed);
    return printed;
  }

  /** Runs a script with its folders in ours; returns what it printed. */
  private String run(String script, Map<String, String> env)
      throws IOException, InterruptedException {
    var here =
        script
            .replaceAll("(?<![-\\w:])/(mapwright|tmp|work)\\b", folder + "/$1")
            .replace("/dev/termination-log", folder + "/end");
    var process = new ProcessBuilder("/bin/sh", "-c", here);
    process.environment().putAll(env);
    process.environment().put("REPOSITORY", folder.resolve("repository").toString());
    process.environment().merge("PATH", folder + "/bin", (path, bin) -> bin + ":" + path);
    process.redirectErrorStream(true);
    var running = process.start();
    var output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(output).isZero();
    return output;
  }

  private static final class Printed implements KeyLog.RecordConsumer {
    private final List<KeyRecord> own = new ArrayList<>();
    private final List<KeyRecord> newest = new ArrayList<>();

    @Override
    public void accept(KeyRecord record) {
      own.add(record);
    }

    @Override
    public void acceptNewest(KeyRecord record) {
      newest.add(record);
    }
  }
}
