package io.mapwright.operator.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET requests on a port that anybody may reach: one request per connection, within a
 * deadline, and with few connections. If there are too many, the oldest one of the address with the
 * most is closed, so that anyone who floods the port closes their own (decision 0014).
 */
final class HttpPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpPort.class);

  /**
   * The limits.
   *
   * @param connections at one time
   * @param head bytes of a request
   * @param request from the connection to the end of the request, the TLS handshake included
   * @param response for writing the answer
   */
  record Limits(int connections, int head, Duration request, Duration response) {
    static final Limits DEFAULT =
        new Limits(64, 16 << 10, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  /** The relevant parts of a request. */
  record Request(String path, Optional<String> authorization) {
    @Override
    public String toString() {
      return "Request[" + path + "]";
    }
  }

  /** What is sent back. */
  static final class Answer {
    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;

    /** Keeps the body, which must not be modified. */
    Answer(int status, String type, byte[] body, Map<String, String> headers) {
      this.status = status;
      this.type = type;
      this.body = body;
      this.headers = headers;
    }

    static Answer text(int status, String body) {
      return new Answer(
          status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    int status() {
      return status;
    }
  }

  /** Answers on a thread of the connection. */
  interface Handler {
    Answer answer(Request request);
  }

  /** Connections that the kernel queues until they are accepted; they use no heap. */
  private static final int BACKLOG = 512;

  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          400, "Bad Request",
          401, "Unauthorized",
          403, "Forbidden",
          404, "Not Found",
          405, "Method Not Allowed",
          431, "Request Header Fields Too Large",
          500, "Internal Server Error",
          503, "Service Unavailable");

  private final ServerSocket listener;
  private final Optional<Supplier<SSLSocketFactory>> tls;
  private final Limits limits;
  private final Handler handler;
  private final List<Connection> connections = new ArrayList<>();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("http-deadlines").daemon().unstarted(task));

  /**
   * Binds the port, without answering yet.
   *
   * @param tls wraps connections in TLS; empty for plain text
   * @throws IOException if the port is in use
   */
  HttpPort(int port, Optional<Supplier<SSLSocketFactory>> tls, Limits limits, Handler handler)
      throws IOException {
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(port), BACKLOG);
    this.tls = tls;
    this.limits = limits;
    this.handler = handler;
    timer.setRemoveOnCancelPolicy(true);
  }

  void start() {
    Thread.ofPlatform().name("http-" + port()).daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections that are open now. */
  int open() {
    synchronized (connections) {
      return connections.size();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        serve(listener.accept());
      } catch (IOException | RuntimeException | Error e) {
        if (!listener.isClosed()) {
          log.warn("a connection was not accepted", e);
          pause();
        }
      }
    }
  }

  /** If accept fails, for example without file descriptors, an immediate retry would fail too. */
  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket socket) {
    var connection = new Connection(socket);
    synchronized (connections) {
      if (connections.size() >= limits.connections()) {
        connectionToClose().end();
      }
      connections.add(connection);
    }
    Thread.ofVirtual().name("http").start(connection::run);
  }

  private Connection connectionToClose() {
    var counts = new HashMap<InetAddress, Integer>();
    connections.forEach(c -> counts.merge(c.peer, 1, Integer::sum));
    // The first of several is the oldest.
    var largest =
        connections.stream()
            .max(Comparator.comparingInt(c -> counts.getOrDefault(c.peer, 0)))
            .orElseThrow();
    return connections.stream().filter(c -> c.peer.equals(largest.peer)).findFirst().orElseThrow();
  }

  private final class Connection {
    private final Socket socket;
    private final InetAddress peer;

    Connection(Socket socket) {
      this.socket = socket;
      peer = socket.getInetAddress();
    }

    void run() {
      var deadline = timer.schedule(this::end, limits.request().toNanos(), TimeUnit.NANOSECONDS);
      try {
        socket.setTcpNoDelay(true);
        var stream = tls.isPresent() ? secured(tls.get().get()) : socket;
        var answer = answer(stream.getInputStream());
        deadline.cancel(false);
        deadline = timer.schedule(this::end, limits.response().toNanos(), TimeUnit.NANOSECONDS);
        var out = stream.getOutputStream();
        out.write(head(answer).getBytes(StandardCharsets.US_ASCII));
        out.write(answer.body);
        out.flush();
        if (tls.isPresent()) {
          stream.close();
        }
      } catch (IOException e) {
        log.debug("{} was not answered", peer, e);
      } catch (RuntimeException | Error e) {
        log.error("a request was not answered", e);
      } finally {
        deadline.cancel(false);
        end();
      }
    }

    private Socket secured(SSLSocketFactory factory) throws IOException {
      var secured = factory.createSocket(socket, null, false);
      ((SSLSocket) secured).startHandshake();
      return secured;
    }

    /** The plain socket: closing the TLS one may wait for the peer. */
    void end() {
      synchronized (connections) {
        connections.remove(this);
      }
      try {
        socket.close();
      } catch (IOException e) {
        log.debug("{} was closed already", peer, e);
      }
    }
  }

  private Answer answer(InputStream in) throws IOException {
    var head = head(in);
    if (head == null) {
      return Answer.text(431, "the request is too long\n");
    }
    var lines = head.split("\r\n", -1);
    var requestLine = lines[0].split(" ", -1);
    if (requestLine.length != 3 || !requestLine[2].startsWith("HTTP/1.")) {
      return Answer.text(400, "this is not HTTP/1.1\n");
    }
    if (!requestLine[0].equals("GET")) {
      return Answer.text(405, "only GET is answered here\n");
    }
    var query = requestLine[1].indexOf('?');
    return handler.answer(
        new Request(
            query < 0 ? requestLine[1] : requestLine[1].substring(0, query), authorization(lines)));
  }

  private static Optional<String> authorization(String[] lines) {
    var found = new ArrayList<String>();
    for (int i = 1; i < lines.length; i++) {
      var colon = lines[i].indexOf(':');
      if (colon > 0
          && lines[i].substring(0, colon).toLowerCase(Locale.ROOT).equals("authorization")) {
        found.add(lines[i].substring(colon + 1).strip());
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** The lines of a head, without the empty one; null if it is too long. */
  private @Nullable String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    var chunk = new byte[1024];
    int end;
    while ((end = head.indexOf("\r\n\r\n")) < 0) {
      int count = in.read(chunk);
      if (count < 0) {
        throw new IOException("the connection ended within the request");
      }
      if (head.length() + count > limits.head()) {
        return null;
      }
      head.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
    }
    return head.substring(0, end);
  }

  private static String head(Answer answer) {
    var head = new StringBuilder();
    head.append("HTTP/1.1 ").append(answer.status()).append(' ');
    head.append(REASONS.getOrDefault(answer.status(), "Unknown")).append("\r\n");
    head.append("Content-Type: ").append(answer.type).append("\r\n");
    head.append("Content-Length: ").append(answer.body.length).append("\r\n");
    head.append("Cache-Control: no-store\r\nConnection: close\r\n");
    answer.headers.forEach(
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      log.debug("the port was closed already", e);
    }
    synchronized (connections) {
      List.copyOf(connections).forEach(Connection::end);
    }
    timer.shutdownNow();
  }
}
