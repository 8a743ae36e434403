package io.mapwright.operator.bench;

import com.sun.net.httpserver.HttpServer;
import io.mapwright.operator.gateway.CommandFilter;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.gateway.Lending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Real HAProxy processes with the very configuration that the operator made, one a loopback
 * address. Each has a mount namespace of its own, for the configuration names absolute paths.
 */
final class RealGateways implements AutoCloseable {
  private final Path folder;
  private final List<String> addresses;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer server;

  RealGateways(
      Path haproxy,
      Path folder,
      List<String> addresses,
      Map<String, String> config,
      Map<String, String> control,
      Map<String, String> tls,
      int serverPort)
      throws IOException {
    this.folder = folder;
    this.addresses = addresses;
    write(folder.resolve("etc/mapwright/gateway"), config);
    write(folder.resolve("etc/mapwright/control"), control);
    write(folder.resolve("etc/mapwright/tls"), tls);
    server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), serverPort), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var tile = "tile".repeat(256).getBytes(StandardCharsets.US_ASCII);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, tile.length);
            exchange.getResponseBody().write(tile);
          }
        });
    server.start();
    for (var address : addresses) {
      start(haproxy, address, config);
    }
  }

  private static void write(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private void start(Path haproxy, String address, Map<String, String> config) throws IOException {
    var run = Files.createDirectories(folder.resolve("run-" + address));
    var scripts =
        Map.of(
            CommandFilter.FILE_NAME, GatewayPaths.DEFAULTS.commandFilter(),
            Lending.FILE_NAME, GatewayPaths.DEFAULTS.lending());
    for (var script : scripts.keySet()) {
      Files.writeString(
          run.resolve(script),
          config.getOrDefault(script, "").replace("/run/mapwright/", run + "/"));
    }
    var here =
        config
            .getOrDefault("haproxy.cfg", "")
            .replace(
                GatewayPaths.DEFAULTS.commandFilter(),
                run.resolve(CommandFilter.FILE_NAME).toString())
            .replace(GatewayPaths.DEFAULTS.lending(), run.resolve(Lending.FILE_NAME).toString())
            .replaceAll("(?m)^ *bind \\[::].*\\n", "")
            // Here the operator is on loopback as well.
            .replaceAll("(?m)^.* connection reject if \\{ src 127[.]0[.]0[.]0/8 .*\\n", "")
            .replace("bind 0.0.0.0:", "bind " + address + ":")
            .replace("/run/mapwright/", run + "/");
    var file = folder.resolve("haproxy-" + address + ".cfg");
    Files.writeString(file, here);
    processes.add(
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --rbind \"$0\" /etc && exec \"$1\" -W -db -f \"$2\"",
                folder.resolve("etc").toString(),
                haproxy.toString(),
                file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("haproxy-" + address + ".log").toFile())
            .start());
  }

  /** Times that HAProxy loaded its configuration again: its master says so in the log. */
  long reloads() throws IOException {
    long count = 0;
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        count += Files.readString(file).lines().filter(line -> line.contains("Reloading")).count();
      }
    }
    return count;
  }

  /** Which table each holds, as its own probe says. */
  List<String> tables() throws IOException, InterruptedException {
    var tables = new ArrayList<String>();
    for (var address : addresses) {
      var probe = HttpRequest.newBuilder(URI.create("http://" + address + ":10404/readyz")).build();
      tables.add(
          http.send(probe, BodyHandlers.ofString())
              .body()
              .replaceFirst("(?s).*\"table\":\"([^\"]*)\".*", "$1"));
    }
    return tables;
  }

  boolean alive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  @Override
  public void close() {
    processes.forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
    server.stop(0);
    http.close();
  }
}
