package io.mapwright.operator.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where a script of a job runs in a test: the folders of its containers lie in one of the test's
 * own, and programs of the test's come before the machine's.
 */
final class ScriptFolder {
  private static final int PATIENCE_SECONDS = 120;

  final Path root;

  ScriptFolder(Path root) throws IOException {
    this.root = root;
    for (var name : List.of("bin", "tmp", "work", "mapwright/data")) {
      Files.createDirectories(root.resolve(name));
    }
  }

  Path data() {
    return root.resolve("mapwright/data");
  }

  /** Writes a file below the root, with the folders above it. */
  Path file(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Puts a program in front of the machine's. */
  void program(String name, String script) throws IOException {
    if (!file("bin/" + name, "#!/bin/sh\n" + script).toFile().setExecutable(true)) {
      throw new IOException("no program may be made in " + root);
    }
  }

  /** The script as it is to be run here. */
  String here(String script) {
    return script
        .replaceAll("(?<![-\\w:.])/(mapwright|tmp|work)\\b", root + "/$1")
        .replace("/dev/termination-log", root + "/end");
  }

  /** Runs a script that ends within two minutes. */
  Ended run(String script, Map<String, String> env) throws IOException, InterruptedException {
    var end = root.resolve("end");
    var output = root.resolve("output");
    Files.deleteIfExists(end);
    var builder = new ProcessBuilder("/bin/sh", "-c", here(script));
    var all = new HashMap<>(env);
    all.merge("PATH", root.resolve("bin") + ":" + System.getenv("PATH"), (own, _) -> own);
    builder.environment().putAll(all);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    var process = builder.start();
    process.getOutputStream().close();
    var ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    var said = Files.readString(output, StandardCharsets.UTF_8);
    if (!ended) {
      throw new IllegalStateException("no end within " + PATIENCE_SECONDS + " s; it said: " + said);
    }
    var told = Files.exists(end) ? Files.readString(end) : "";
    return new Ended(process.exitValue(), said, told);
  }

  /**
   * How a script ended.
   *
   * @param output what it printed, of both kinds
   * @param told its termination message, empty if it left none
   */
  record Ended(int exit, String output, String told) {
    JobReport report() {
      return JobReport.parse(told)
          .orElseThrow(() -> new IllegalStateException("no report; it said: " + output));
    }

    @Override
    public String toString() {
      return "exit " + exit + "\n" + told + "\n" + output;
    }
  }
}
