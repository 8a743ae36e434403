package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The script of backups with real restic and real servers of repositories. */
class ResticIT {
  private static final String SCRIPT = Scripts.of("common.sh", "backup.sh");

  @TempDir Path root = Path.of("/");

  private final Map<String, String> env = new HashMap<>();

  private ScriptFolder folder(String restic) throws IOException {
    var folder = new ScriptFolder(root);
    folder.program("restic", "exec '" + restic + "' \"$@\"\n");
    folder.file("mapwright/manifest/instance.json", "{}");
    env.put("RESTIC_REPOSITORY", root.resolve("repository").toString());
    env.put("RESTIC_PASSWORD", "secret");
    env.put("RESTIC_CACHE_DIR", root.resolve("cache").toString());
    env.put("BACKUP_TASK", "backup");
    env.put("BACKUP_HOST", "maps.tiles");
    env.put("BACKUP_KEEP", "--keep-last 2");
    env.put("BACKUP_CHECK_SUBSET", "");
    env.put("BACKUP_INCLUDE", "");
    env.put("BACKUP_EXCLUDE", "");
    return folder;
  }

  /** A server that is away is waited for six seconds, not sixty. */
  private JobReport backup(ScriptFolder folder) throws Exception {
    // Each pod begins with an empty folder.
    Files.deleteIfExists(root.resolve("tmp/snapshots"));
    var ended = folder.run(SCRIPT.replace("timeout 60", "timeout 6"), env);
    return ended.report();
  }

  /** What the newest snapshot holds of the volume, one path a line. */
  private String held(ScriptFolder folder) throws Exception {
    return folder.run("restic --no-lock ls latest | grep ^/", env).output();
  }

  private long snapshots(ScriptFolder folder) throws Exception {
    return folder
        .run("restic --no-lock snapshots --json | grep -o short_id", env)
        .output()
        .lines()
        .count();
  }

  @Test
  void resticThatKnowsNoneOfOurExitCodesIsRefused() throws Exception {
    var folder = folder(Releases.restics().findFirst().orElseThrow());
    folder.file("mapwright/data/map", "map");
    var report = backup(folder);
    assertThat(report.exitCode()).isEqualTo(69);
    assertThat(report.log()).contains("restic 0.14.0").contains("0.17");
    assertThat(FailureHints.of(report)).contains("backup.image");
  }

  @Test
  void folderThatIsNotThereFailsTheBackup() throws Exception {
    var folder = folder(Releases.newerRestics().findFirst().orElseThrow());
    folder.file("mapwright/data/maps/world", "map");
    env.put("BACKUP_INCLUDE", "maps mpas");
    var report = backup(folder);
    assertThat(report.exitCode()).as(report.toString()).isEqualTo(70);
    assertThat(report.stage()).isEqualTo("include");
    assertThat(FailureHints.describe(report))
        .contains("There is no mpas")
        .contains("backup.include");
    env.put("BACKUP_INCLUDE", "maps");
    assertThat(backup(folder).exitCode()).isZero();
    assertThat(held(folder)).contains("/data/maps/world");
  }

  @ParameterizedTest
  @MethodSource("io.mapwright.operator.backup.Releases#newerRestics")
  void snapshotOfNothingIsNoBackup(String restic) throws Exception {
    var folder = folder(restic);
    folder.file("mapwright/data/map", "map");
    var good = backup(folder);
    assertThat(good.exitCode()).as(good.toString()).isZero();
    env.put("BACKUP_EXCLUDE", "*");
    var report = backup(folder);
    assertThat(report.exitCode()).as(report.toString()).isEqualTo(71);
    assertThat(FailureHints.of(report)).contains("backup.exclude");
    assertThat(snapshots(folder)).as("what is restored as the newest is the good one").isOne();
  }

  @Test
  void patternWithoutASlashIsMeantAtAnyDepth() throws Exception {
    var folder = folder(Releases.newerRestics().findFirst().orElseThrow());
    for (var name : new String[] {"a.tmp", "a", "deep/er/b.tmp", "deep/b", "deep/x/c", "x/d"}) {
      folder.file("mapwright/data/" + name, name);
    }
    env.put("BACKUP_EXCLUDE", "*.tmp /x/");
    var report = backup(folder);
    assertThat(report.exitCode()).as(report.toString()).isZero();
    assertThat(held(folder))
        .contains("/data/a\n", "/data/deep/b\n", "/data/deep/x/c\n")
        .doesNotContain(".tmp")
        .doesNotContain("/data/x");
  }

  @ParameterizedTest
  @MethodSource("io.mapwright.operator.backup.Releases#newerRestics")
  void bucketThatIsNotThereIsMade(String restic) throws Exception {
    var folder = folder(restic);
    folder.file("mapwright/data/map", "map");
    try (var server = RepositoryServer.s3(root.resolve("s3"))) {
      s3(server);
      var report = backup(folder);
      assertThat(report.exitCode()).as(report.toString()).isZero();
      assertThat(root.resolve("s3/maps/tiles/config")).exists();
    }
  }

  @Test
  void bucketThatMayNotBeMadeIsNamed() throws Exception {
    var folder = folder(Releases.newerRestics().findFirst().orElseThrow());
    folder.file("mapwright/data/map", "map");
    try (var server = RepositoryServer.s3(root.resolve("s3"), "--read-only")) {
      s3(server);
      var report = backup(folder);
      assertThat(report.stage()).as(report.toString()).isEqualTo("init");
      assertThat(FailureHints.describe(report))
          .contains("s3.bucket")
          .contains("/maps/tiles is not there");
    }
  }

  private void s3(RepositoryServer server) throws IOException {
    Files.createDirectories(root.resolve("s3"));
    env.put("RESTIC_REPOSITORY", "s3:http://127.0.0.1:" + server.port + "/maps/tiles");
    env.put("AWS_ACCESS_KEY_ID", "key");
    env.put("AWS_SECRET_ACCESS_KEY", "secret");
  }

  @ParameterizedTest
  @MethodSource("io.mapwright.operator.backup.Releases#newerRestics")
  void appendOnlyRepositoryIsNotSaidToBePruned(String restic) throws Exception {
    var folder = folder(restic);
    try (var server = RepositoryServer.rest(root.resolve("rest"), true)) {
      env.put("RESTIC_REPOSITORY", "rest:http://127.0.0.1:" + server.port + "/tiles/");
      env.put("BACKUP_KEEP", "--keep-last 1");
      folder.file("mapwright/data/map", "map");
      assertThat(backup(folder).exitCode()).isZero();
      folder.file("mapwright/data/map", "another");
      var report = backup(folder);
      assertThat(report.exitCode()).as(report.toString()).isEqualTo(72);
      assertThat(report.text("pruned")).isEmpty();
      assertThat(FailureHints.of(report)).contains("KeepAll");
      env.put("BACKUP_KEEP", "");
      var all = backup(folder);
      assertThat(all.exitCode()).as(all.toString()).isZero();
      assertThat(all.number("snapshots", 1)).contains(3L);
      assertThat(all.text("pruned")).isEmpty();
    }
  }
}
