package io.mapwright.operator.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of the table of docs/restic.md, with each version of restic that it names. */
class ResticTableIT {
  private static final Path PAGE = Path.of("../docs/restic.md");
  private static final String[] NOTHING = {};
  private static final long LARGE = 60L << 20;
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");
  private static final Map<String, Case> CASES =
      Map.ofEntries(
          entry("`unlock`, there is no repository", it -> it.restic("unlock")),
          entry(
              "`unlock`, the password is another one",
              it -> {
                it.repository();
                it.env.put("RESTIC_PASSWORD", "another");
                return it.restic("unlock");
              }),
          entry("`unlock`, there is no such bucket", it -> it.s3("", "unlock")),
          entry(
              "`unlock`, the server is away",
              it -> {
                it.env.put("RESTIC_REPOSITORY", "s3:http://127.0.0.1:9/bucket/folder");
                it.env.putAll(KEYS);
                return it.restic("unlock");
              }),
          entry("`init` of a bucket that is not there", it -> it.s3("", "init")),
          entry(
              "`backup`, one of two folders is not there",
              it -> {
                it.repository();
                return it.restic("backup", it.data("file"), it.root.resolve("none").toString());
              }),
          entry(
              "`backup`, no folder is there",
              it -> {
                it.repository();
                return it.restic("backup", it.root.resolve("none").toString());
              }),
          entry("`backup`, a file cannot be read", ResticTableIT::unreadable),
          entry("`backup`, a file vanishes before it is read", ResticTableIT::vanishing),
          entry(
              "`backup`, there is nothing to back up",
              it -> {
                it.repository();
                Files.createDirectories(it.root.resolve("empty"));
                return it.restic("backup", it.root.resolve("empty").toString());
              }),
          entry("`forget`, somebody else holds the repository", ResticTableIT::held),
          entry("`forget`, the repository is append-only", it -> appendOnly(it, true)),
          entry("`forget`, the same, and all data is still in use", it -> appendOnly(it, false)),
          entry("`check`, a pack is damaged", ResticTableIT::damaged),
          entry(
              "`restore`, there is no such snapshot",
              it -> {
                it.repository();
                it.restic("backup", it.data("file"));
                return it.restic(
                    "restore", "deadbeef", "--target", it.root.resolve("t").toString());
              }));

  @TempDir Path folder = Path.of("/");

  /** One case: returns the exit code. */
  private interface Case {
    int run(Bench it) throws Exception;
  }

  /** A row of the page: the case, and its exit codes by version. */
  private static Map<String, List<String>> table() throws IOException {
    var rows = new HashMap<String, List<String>>();
    for (var line : Files.readAllLines(PAGE)) {
      var cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (line.startsWith("| `")) {
        rows.put(cells.get(1), cells.subList(2, 5));
      }
    }
    return rows;
  }

  @Test
  void pageHasEachCase() throws IOException {
    assertThat(table()).containsOnlyKeys(CASES.keySet());
  }

  static Stream<String> cases() {
    return CASES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void exitCodesAreThoseOfThePage(String name) throws Exception {
    var found = Objects.requireNonNull(CASES.get(name));
    var codes = new ArrayList<Future<Integer>>();
    try (var versions = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var restic : Releases.restics().toList()) {
        var root = Files.createDirectories(folder.resolve("v" + codes.size()));
        codes.add(versions.submit(() -> found.run(new Bench(root, restic))));
      }
    }
    var said = new ArrayList<String>();
    for (var code : codes) {
      said.add(String.valueOf(code.get()));
    }
    assertEquals(table().get(name), said, name);
  }

  private static int unreadable(Bench it) throws Exception {
    it.repository();
    var file = Path.of(it.data("file")).resolve("file");
    if (!file.toFile().setReadable(false)) {
      throw new IOException("not taken away: the right to read " + file);
    }
    return it.restic("backup", it.data("other"));
  }

  /** Two workers read the large files, so that nobody looks at the last one for a second. */
  private static int vanishing(Bench it) throws Exception {
    it.repository();
    var data = Path.of(it.data("z"));
    for (var name : List.of("a", "b", "c", "d", "e", "f")) {
      try (var file = new RandomAccessFile(data.resolve(name).toFile(), "rw")) {
        file.setLength(LARGE);
      }
    }
    var log = it.root.resolve("log").toFile();
    var builder = new ProcessBuilder(it.command("backup", data.toString()));
    builder.environment().putAll(it.env);
    var reader = builder.redirectErrorStream(true).redirectOutput(log).start();
    until("the first file is read", () -> opened(reader, data.resolve("a")));
    Files.delete(data.resolve("z"));
    assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return reader.exitValue();
  }

  private static boolean opened(Process process, Path file) throws IOException {
    for (var one : family(process)) {
      try (var open = Files.list(Path.of("/proc/" + one.pid() + "/fd"))) {
        for (var descriptor : open.toList()) {
          if (Files.isSymbolicLink(descriptor)
              && Files.readSymbolicLink(descriptor).equals(file.toRealPath())) {
            return true;
          }
        }
      } catch (NoSuchFileException _) {
        // closed, or ended, meanwhile
      }
    }
    return false;
  }

  /** It and what it started. */
  private static List<ProcessHandle> family(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private static void until(String what, Callable<Boolean> done) throws Exception {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!done.call()) {
      assertThat(System.nanoTime()).as("not within 20 s: " + what).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static int held(Bench it) throws Exception {
    it.repository();
    it.restic("backup", it.data("file"));
    // It holds its lock as long as what it reads has no end.
    var reader = new ProcessBuilder(it.command("backup", "--stdin"));
    reader.environment().putAll(it.env);
    var log = it.root.resolve("log").toFile();
    var holder = reader.redirectErrorStream(true).redirectOutput(log).start();
    var locks = it.root.resolve("repository/locks").toFile();
    until("a lock", () -> Objects.requireNonNullElse(locks.list(), NOTHING).length > 0);
    try {
      return it.restic("forget", "--retry-lock", "1s", "--keep-last", "1", "--prune");
    } finally {
      holder.getOutputStream().close();
      holder.waitFor();
    }
  }

  private static int appendOnly(Bench it, boolean changed) throws Exception {
    try (var server = RepositoryServer.rest(it.root.resolve("rest"), true)) {
      it.env.put("RESTIC_REPOSITORY", "rest:http://127.0.0.1:" + server.port + "/tiles/");
      assertThat(it.restic("init")).isZero();
      it.data("file");
      // By its own name: a snapshot holds the times of the folders above it, where our log is.
      it.restic("backup", "data");
      if (changed) {
        it.data("other");
      }
      it.restic("backup", "data");
      return it.restic("forget", "--keep-last", "1", "--prune");
    }
  }

  private static int damaged(Bench it) throws Exception {
    it.repository();
    it.restic("backup", it.data("file"));
    try (var packs = Files.walk(it.root.resolve("repository/data"))) {
      var pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
      pack.toFile().setWritable(true);
      var bytes = Files.readAllBytes(pack);
      bytes[5] ^= 1;
      Files.write(pack, bytes);
    }
    return it.restic("check", "--read-data-subset=100%");
  }

  /** A restic with a repository of its own. */
  private static final class Bench {
    private final Path root;
    private final String restic;
    private final Map<String, String> env = new HashMap<>();

    Bench(Path root, String restic) {
      this.root = root;
      this.restic = restic;
      env.put("RESTIC_REPOSITORY", root.resolve("repository").toString());
      env.put("RESTIC_PASSWORD", "secret");
      env.put("RESTIC_CACHE_DIR", root.resolve("cache").toString());
    }

    void repository() throws Exception {
      assertThat(restic("init")).isZero();
    }

    /** Returns a folder with that file in it, and what was put there before. */
    String data(String name) throws IOException {
      var data = Files.createDirectories(root.resolve("data"));
      Files.writeString(data.resolve(name), name);
      return data.toString();
    }

    int s3(String bucket, String... arguments) throws Exception {
      try (var server = RepositoryServer.s3(root.resolve("s3" + bucket))) {
        env.put("RESTIC_REPOSITORY", "s3:http://127.0.0.1:" + server.port + "/maps/tiles");
        env.putAll(KEYS);
        return restic(arguments);
      }
    }

    /** As nobody who may read what was taken from him, which root may. */
    List<String> command(String... arguments) {
      var command = new ArrayList<>(List.of("timeout", "6"));
      if ("root".equals(System.getProperty("user.name"))) {
        command.addAll(
            List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"));
      }
      command.add(restic);
      command.addAll(List.of(arguments));
      return command;
    }

    int restic(String... arguments) throws Exception {
      var builder = new ProcessBuilder(command(arguments)).directory(root.toFile());
      builder.environment().putAll(env);
      var log = root.resolve("log");
      var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      var ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertThat(ended).as(Files.readString(log, UTF_8)).isTrue();
      return process.exitValue();
    }
  }
}
