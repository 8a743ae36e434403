package io.mapwright.operator.backup;

import io.mapwright.operator.gateway.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server of repositories on loopback, for one test. */
final class RepositoryServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  final int port = FreePorts.next();
  private final Process process;

  /** An aborted run leaves no process behind. */
  private final Thread stopper = new Thread(this::stop);

  /** Restic's own; an append-only one removes nothing but locks. */
  static RepositoryServer rest(Path folder, boolean appendOnly) throws Exception {
    var more = appendOnly ? List.of("--append-only") : List.<String>of();
    return new RepositoryServer(
        folder, "rest-server", more, "--no-auth", "--path", "@", "--listen");
  }

  /** S3, by rclone; its buckets are the folders. */
  static RepositoryServer s3(Path folder, String... more) throws Exception {
    return new RepositoryServer(
        folder,
        "rclone",
        List.of(more),
        "serve",
        "s3",
        "@",
        "--config",
        folder + ".none",
        "--auth-key",
        "key,secret",
        "--addr");
  }

  private RepositoryServer(Path folder, String program, List<String> more, String... arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var command = new ArrayList<>(List.of(Releases.program(program)));
    for (var argument : arguments) {
      command.add(argument.equals("@") ? folder.toString() : argument);
    }
    command.add("127.0.0.1:" + port);
    command.addAll(more);
    var log = Path.of(folder + ".log").toFile();
    process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    Runtime.getRuntime().addShutdownHook(stopper);
    awaitPort();
  }

  private void awaitPort() throws IOException, InterruptedException {
    var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (true) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end || !process.isAlive()) {
          close();
          throw e;
        }
      }
      Thread.sleep(20);
    }
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(stopper);
  }
}
