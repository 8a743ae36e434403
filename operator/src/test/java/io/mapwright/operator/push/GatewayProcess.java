package io.mapwright.operator.push;

import io.mapwright.operator.gateway.CommandFilter;
import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.pki.IssuedCertificate;
import io.mapwright.operator.table.TableMaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One real HAProxy with a control channel and a front that answers by map lookup. */
final class GatewayProcess implements AutoCloseable {

  static final String SERVER_NAME = "gateway.test";

  private final String executable;
  private final Path dir;
  private final String name;
  private final String address;
  private final int control;
  final int http;
  final int https;
  private final List<Process> all = new ArrayList<>();
  private @Nullable Process process;

  GatewayProcess(String executable, Path dir, String name, String address) throws IOException {
    this.executable = executable;
    this.dir = dir;
    this.name = name;
    this.address = address;
    this.control = Gateway.freePort();
    this.http = Gateway.freePort();
    this.https = Gateway.freePort();
  }

  /** Empty maps and the certificates that all replicas under {@code dir} start from. */
  static TableMaps prepare(Path dir, IssuedCertificate server, IssuedCertificate shown)
      throws IOException {
    Files.createDirectories(dir.resolve("maps"));
    for (var map : List.of("meta", "origins", "keys")) {
      Files.writeString(dir.resolve("maps/" + map + ".map"), "");
    }
    writePair(dir.resolve("control"), server);
    Files.writeString(dir.resolve("control/ca.crt"), server.caPem());
    writePair(dir.resolve("public"), shown);
    return new TableMaps(map(dir, "meta"), List.of(map(dir, "origins"), map(dir, "keys")));
  }

  static String map(Path dir, String name) {
    return dir.resolve("maps/" + name + ".map").toString();
  }

  private static void writePair(Path dir, IssuedCertificate pair) throws IOException {
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("tls.crt"), pair.certificatePem());
    Files.writeString(dir.resolve("tls.key"), pair.privateKeyPem());
  }

  void start() throws IOException, InterruptedException {
    var config = dir.resolve(name + ".cfg");
    Files.writeString(config, config());
    Files.writeString(dir.resolve(name + ".lua"), filter());
    process =
        new ProcessBuilder(executable, "-db", "-q", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(name + ".log").toFile())
            .start();
    all.add(process);
    var deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (!accepts()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        throw new IOException("not started: " + Files.readString(dir.resolve(name + ".log")));
      }
      Thread.sleep(20);
    }
  }

  private boolean accepts() {
    try (var socket = new Socket(address, control)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String filter() {
    return CommandFilter.script(
        adminSocket(),
        Stream.of("meta", "origins", "keys").map(map -> map(dir, map)).toList(),
        List.of(
            dir.resolve("public/tls.crt").toString(),
            dir.resolve("control/tls.crt").toString(),
            "/not/configured"));
  }

  /** HAProxy's command line, past the filter. */
  String adminSocket() {
    return dir.resolve(name + "-admin.sock").toString();
  }

  private String config() {
    return """
    global
      stats socket %1$s/%2$s-admin.sock mode 600 level admin
      stats timeout 1m
    .if version_atleast(3.1)
      tune.lua.bool-sample-conversion normal
    .endif
      tune.lua.service-timeout 0
      lua-load %1$s/%2$s.lua
      nbthread 2
      ssl-load-extra-files key
      ssl-load-extra-del-ext

    defaults
      timeout connect 2s
      timeout client 1m
      timeout server 1m

    frontend control
      mode tcp
      bind %3$s:%4$d ssl crt %1$s/control/tls.crt ca-file %1$s/control/ca.crt verify required ssl-min-ver TLSv1.3
      tcp-request content reject unless { ssl_c_s_dn(cn) -m str mapwright-operator mapwright-operator-tls }
      use_backend certificates if { ssl_c_s_dn(cn) -m str mapwright-operator-tls }
      default_backend tables

    backend tables
      mode tcp
      server socket unix@%1$s/%2$s-tables.sock

    backend certificates
      mode tcp
      server socket unix@%1$s/%2$s-certificates.sock

    frontend tables_filter
      mode tcp
      bind unix@%1$s/%2$s-tables.sock mode 600
      tcp-request content use-service lua.control_tables

    frontend certificates_filter
      mode tcp
      bind unix@%1$s/%2$s-certificates.sock mode 600
      tcp-request content use-service lua.control_certificates

    frontend front
      mode http
      bind %3$s:%5$d
      bind %3$s:%6$d ssl crt %1$s/public/tls.crt
      http-request return status 503 unless { str(ready),map_str(%1$s/maps/meta.map) -m str 1 }
      http-request set-var(txn.key) req.hdr(x-key),map_str(%1$s/maps/keys.map)
      http-request return status 401 unless { var(txn.key) -m found }
      http-request return status 403 unless { var(txn.key),field(1,|),map_str(%1$s/maps/origins.map) -m found }
      http-request track-sc1 var(txn.key),field(2,|) table keys
      http-request sc-inc-gpc1(1)
      http-request sc-set-gpt0(1) date
      http-request return status 200 hdr x-value %%[var(txn.key)]

    backend keys
      stick-table type string len 33 size 1k expire 1d store gpt0,gpc0,gpc0_rate(1s),gpc1,gpc1_rate(10s)
    """
        .formatted(dir, name, address, control, http, https);
  }

  ReplicaEndpoint endpoint() {
    return endpoint(control);
  }

  ReplicaEndpoint endpoint(int port) {
    return new ReplicaEndpoint("uid-" + name, name, address, port);
  }

  int control() {
    return control;
  }

  String address() {
    return address;
  }

  String url() {
    return "http://" + address + ":" + http + "/";
  }

  /**
   * Sends a signal by number: 9 kills, 19 stops, 18 continues, 10 stops accepting and lets open
   * connections end.
   */
  void signal(int number) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + number, Long.toString(running().pid())).start().waitFor();
  }

  void kill() throws InterruptedException {
    running().destroyForcibly().waitFor();
  }

  private Process running() {
    return Objects.requireNonNull(process);
  }

  @Override
  public void close() {
    all.forEach(Process::destroyForcibly);
    all.forEach(this::awaitEnd);
  }

  private void awaitEnd(Process ending) {
    try {
      if (!ending.waitFor(10, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(new IOException(name + " does not end"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
