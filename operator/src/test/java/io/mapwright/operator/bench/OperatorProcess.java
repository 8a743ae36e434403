package io.mapwright.operator.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The operator of the image as a process of its own, with what the chart's pod has. */
final class OperatorProcess implements AutoCloseable {
  private static final long CLOCK_TICK_MILLIS = 10;
  private static final String START = ". ../e2e/image/lib.sh; run_operator \"$@\"";

  private final Process process;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Starts it.
   *
   * @param image folder into which the image was unpacked
   * @param pod folder with what a pod finds of the API server: server, ca.crt, token
   * @param options more options of its JVM
   */
  OperatorProcess(Path image, Path pod, List<String> options, int port, Path log)
      throws IOException {
    this.port = port;
    var command =
        Stream.concat(
                Stream.of(
                    "bash",
                    "-c",
                    START,
                    "run_operator",
                    image.toString(),
                    pod.toString(),
                    Integer.toString(port)),
                options.stream())
            .toList();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  void awaitReady(Duration patience) throws InterruptedException {
    Waits.until(
        "the operator is ready", patience, () -> get(port + 1, "/readyz").startsWith("ready"));
  }

  /** Whether it answers the kubelet's question, within a second, that it lives. */
  boolean lives() {
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + 1) + "/livez"))
              .timeout(Duration.ofSeconds(1))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  int metricsPort() {
    return port;
  }

  /** Of the port of metrics; that of the probes is the next one. */
  String get(String path) {
    return get(port, path);
  }

  private String get(int from, String path) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from + path))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  long residentMiB() throws IOException {
    return status("VmRSS") / 1024;
  }

  long peakMiB() throws IOException {
    return status("VmHWM") / 1024;
  }

  private long status(String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + field);
  }

  /** Processor time since start. */
  Duration cpu() throws IOException {
    var fields =
        List.of(
            Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                .replaceFirst("^.*\\) ", "")
                .split(" ", -1));
    return Duration.ofMillis(
        (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * CLOCK_TICK_MILLIS);
  }

  /** Stops it as Kubernetes does, and says how it ended. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the operator does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    http.close();
  }
}
