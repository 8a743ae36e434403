package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A real HAProxy with a rendered configuration on loopback, an echoing map server behind it, and
 * clients for it.
 */
public final class Gateway implements AutoCloseable {
  static final String HOST = "maps.example.com";
  static final String CONSOLE_HOST = "admin.example.com";
  private static final SSLContext ANONYMOUS_CLIENT = TestCertificates.client("");

  public final EchoServer server = new EchoServer();
  public final GatewaySettings settings;
  public final GatewayPaths paths;
  final Path haproxy;
  private final Path folder;
  private final Process process;

  /** An aborted run leaves neither a process nor a folder behind. */
  private final Thread stopper = new Thread(this::stop);

  /**
   * Start with the tests' settings, changed by the case, and the text changed by a negative
   * control.
   */
  public Gateway(
      Path haproxy, UnaryOperator<GatewaySettings.Builder> change, UnaryOperator<String> edit)
      throws IOException {
    this.haproxy = haproxy;
    folder = Files.createTempDirectory("mapwright-gw");
    var at = folder.toString();
    paths = new GatewayPaths(at + "/gateway", at + "/tls", at + "/control", at + "/run");
    settings =
        change
            .apply(
                GatewaySettings.builder(server.port())
                    .publicHosts(HOST)
                    .controlPlane(
                        new ConsoleAccess(
                            List.of(CONSOLE_HOST),
                            List.of(new Cidr("127.0.0.1")),
                            ConsoleAccess.DEFAULT_PREFIXES,
                            false))
                    .ports(freePorts())
                    .bindAddress("127.0.0.1")
                    .controlFromPod(true))
            .build();
    try {
      writeFiles(edit);
    } catch (IOException e) {
      server.close();
      Folders.delete(folder);
      throw e;
    }
    process =
        new ProcessBuilder(haproxy.toString(), "-db", "-f", paths.gateway() + "/haproxy.cfg")
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      awaitStart();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static GatewayPorts freePorts() {
    return new GatewayPorts(freePort(), freePort(), freePort(), freePort(), freePort());
  }

  /** A port that no other listener of this test run was given; see {@link FreePorts}. */
  public static int freePort() {
    return FreePorts.next();
  }

  private void writeFiles(UnaryOperator<String> edit) throws IOException {
    for (var name : List.of("gateway", "tls", "control", "run")) {
      Files.createDirectories(folder.resolve(name));
    }
    for (var map : GatewayMap.values()) {
      Files.createFile(Path.of(paths.map(map)));
    }
    Files.writeString(Path.of(paths.commandFilter()), CommandFilter.script(paths));
    Files.writeString(Path.of(paths.lending()), Lending.script(paths));
    Files.writeString(Path.of(paths.routes()), RouteMap.render(settings.allRoutes()));
    Files.writeString(
        folder.resolve("gateway/haproxy.cfg"), edit.apply(HaproxyConfig.render(settings, paths)));
    for (var place : List.of("tls", "control")) {
      Files.copy(TestCertificates.file("server.crt"), folder.resolve(place + "/tls.crt"));
      Files.copy(TestCertificates.file("server.key"), folder.resolve(place + "/tls.key"));
    }
    Files.copy(TestCertificates.file("ca.crt"), Path.of(paths.controlCa()));
    Files.copy(TestCertificates.file("ca.crt"), Path.of(paths.clientCa()));
  }

  private void awaitStart() throws IOException {
    for (var end = Instant.now().plusSeconds(10);
        process.isAlive() && Instant.now().isBefore(end);
        pause(10)) {
      try (var runtime = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        runtime.connect(UnixDomainSocketAddress.of(paths.adminSocket()));
        return;
      } catch (IOException _) {
        // not yet
      }
    }
    throw new IOException("HAProxy does not start: " + Files.readString(folder.resolve("stderr")));
  }

  boolean endsWithin(Duration patience) throws InterruptedException {
    return process.waitFor(patience);
  }

  /** Fill the maps and open the gateway, as the operator would. */
  public void push(Stream<MapEntry> entries) {
    push(entries, Instant.now().plus(Duration.ofDays(1)));
  }

  /** The same, with a table that is believed until then. */
  public void push(Stream<MapEntry> entries, Instant trusted) {
    Stream.concat(
            entries,
            Stream.of(
                MetaEntry.table("c0ffee").toMapEntry(),
                MetaEntry.generation(7).toMapEntry(),
                MetaEntry.maxAge(Duration.ofDays(1)).toMapEntry(),
                MetaEntry.trusted(trusted).toMapEntry(),
                MetaEntry.ready(1).toMapEntry()))
        .forEach(this::add);
  }

  public void add(MapEntry entry) {
    var answer = runtime("add map " + paths.map(entry.map()) + " " + entry.line());
    if (!answer.isBlank()) {
      throw new IllegalStateException(answer);
    }
  }

  public String runtime(String command) {
    return unix(paths.adminSocket(), command);
  }

  /** What HAProxy's command line at that socket answers. */
  public static String unix(String path, String command) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reply get(String target, String... headers) {
    return request("GET", target, headers);
  }

  Reply request(String method, String target, String... headers) {
    return send(HOST, method, target, "", headers);
  }

  Reply console(String method, String target, String... headers) {
    return send(CONSOLE_HOST, method, target, "", headers);
  }

  Reply send(String host, String method, String target, String body, String... headers) {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    if (!body.isEmpty() || List.of("POST", "PUT", "PATCH").contains(method)) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return raw(head + "Connection: close\r\n\r\n" + body);
  }

  /** Send these very bytes (ISO 8859-1) over TLS and read one answer. */
  Reply raw(String bytes) {
    return rawFrom("127.0.0.1", bytes);
  }

  Reply rawFrom(String address, String bytes) {
    try (var socket = connect(address)) {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return Reply.read(
          new BufferedInputStream(socket.getInputStream()), bytes.startsWith("HEAD "));
    } catch (IOException e) {
      // Closed without an answer is the hardest refusal.
      return new Reply(0, List.of(), e.toString());
    }
  }

  /** All answers to bytes that may hold several requests. */
  List<Reply> pipeline(String bytes) {
    var replies = new ArrayList<Reply>();
    try (var socket = connect("127.0.0.1")) {
      socket.setSoTimeout(1500);
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        replies.add(Reply.read(in, false));
      }
    } catch (IOException _) {
      return replies;
    }
  }

  SSLSocket connect(String from) throws IOException {
    return tls(ANONYMOUS_CLIENT, from, settings.ports().https());
  }

  public SSLSocket tls(SSLContext context, String from, int port) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral(settings.bindAddress()), port), 3000);
    socket.setSoTimeout(8000);
    return socket;
  }

  /** One request without TLS, to the http or the internal port. */
  Reply plain(int port, String bytes) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(8000);
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return Reply.read(new BufferedInputStream(socket.getInputStream()), false);
    } catch (IOException e) {
      return new Reply(0, List.of(), e.toString());
    }
  }

  Reply internal(String target) {
    return plain(
        settings.ports().internal(),
        "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  /** Log lines once there are at least this many. */
  List<String> log(int atLeast) {
    try {
      for (int i = 0; ; i++) {
        var lines = Files.readAllLines(folder.resolve("stdout"), ISO_8859_1);
        if (lines.size() >= atLeast || i == 100) {
          return lines;
        }
        pause(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process process() {
    return process;
  }

  /** What HAProxy said on its standard error. */
  String errors() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  /** The decision log, as it grows. */
  public Path logFile() {
    return folder.resolve("stdout");
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(stopper);
    stop();
  }

  private void stop() {
    process.destroyForcibly();
    server.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.delete(folder);
  }
}
