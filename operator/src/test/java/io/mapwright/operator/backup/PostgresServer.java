package io.mapwright.operator.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL with PostGIS, on a socket in a folder of its own. It refuses to run as root, so
 * there it takes another name in a user namespace.
 */
final class PostgresServer implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  final int version;
  final Path programs;
  private final Path folder;
  private final Process process;

  /** An aborted run leaves neither a process nor a folder behind. */
  private final Thread stopper = new Thread(this::stop);

  PostgresServer(Path programs) throws IOException, InterruptedException {
    this.programs = programs;
    this.version = Integer.parseInt(programs.getName(programs.getNameCount() - 2).toString());
    this.folder = Files.createTempDirectory("pg");
    var data = folder.resolve("data").toString();
    run(program("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"));
    var command =
        program("postgres", "-F", "-D", data, "-k", folder.toString(), "-c", "listen_addresses=");
    process = start(command);
    Runtime.getRuntime().addShutdownHook(stopper);
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (start(program("pg_isready", "-q", "-h", folder.toString())).waitFor() != 0) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new IOException("no server within " + PATIENCE_SECONDS + " s: " + log());
      }
      Thread.sleep(50);
    }
  }

  String url(String user, String database) {
    return "postgres://%s@%s/%s".formatted(user, folder.toString().replace("/", "%2F"), database);
  }

  /** Runs statements; returns the rows of the last ones, their columns separated by a bar. */
  String sql(String user, String database, String... statements)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                programs.resolve("psql").toString(),
                "-XAtq",
                "--set=ON_ERROR_STOP=1",
                "--dbname=" + url(user, database)));
    for (var statement : statements) {
      command.add("--command=" + statement);
    }
    return run(command);
  }

  private List<String> program(String name, String... arguments) {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"));
    }
    command.add(programs.resolve(name).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    var started = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(started.getInputStream().readAllBytes(), UTF_8);
    if (started.waitFor() != 0) {
      throw new IOException(command + " said: " + said);
    }
    return said;
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private void stop() {
    process.destroyForcibly();
    try (var files = Files.walk(folder)) {
      process.waitFor(10, TimeUnit.SECONDS);
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("left behind: " + folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(stopper);
  }
}
