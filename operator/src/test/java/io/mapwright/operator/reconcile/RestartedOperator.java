package io.mapwright.operator.reconcile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The operator as a process with a lease, started again whenever it ends, as a kubelet does. */
final class RestartedOperator implements AutoCloseable {
  private static final long PAUSE_MILLIS = 1000;

  private final ProcessBuilder builder;
  private final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final Thread kubelet;
  private volatile Process process;
  private volatile boolean closed;

  RestartedOperator(String server, String namespace, Path folder) throws IOException {
    builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mapwright.operator.Main")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("operator.log").toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBERNETES_MASTER", server,
                "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
                "HTTP2_DISABLE", "true",
                "POD_NAMESPACE", namespace,
                "WATCH_NAMESPACES", namespace,
                "POD_NAME", "operator",
                "PORT", "0",
                "PROBE_PORT", "0"));
    process = builder.start();
    kubelet = Thread.ofVirtual().start(this::keepRunning);
  }

  /** How it ended, each time. */
  List<Integer> exits() {
    return List.copyOf(exits);
  }

  private void keepRunning() {
    try {
      while (true) {
        exits.add(process.waitFor());
        Thread.sleep(PAUSE_MILLIS);
        synchronized (this) {
          if (closed) {
            return;
          }
          process = builder.start();
        }
      }
    } catch (InterruptedException e) {
      // closed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    kubelet.interrupt();
    process.destroyForcibly();
  }
}
