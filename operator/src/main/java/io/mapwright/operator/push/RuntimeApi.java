package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * One connection to HAProxy's Runtime API, in prompt mode so that it stays open after a command.
 *
 * <p>Commands are sent in batches; each is answered by its text and {@code "\n> "}, in order. A
 * batch is small enough for its answers to fit into buffers while it is still being written, so the
 * two sides cannot deadlock. After any failure the connection must not be used again: it is unknown
 * which answer comes next.
 */
final class RuntimeApi implements AutoCloseable {

  /** Below HAProxy's tune.bufsize of 16 kB, which must hold a command with its payload. */
  static final int MAX_BATCH_BYTES = 14_000;

  private static final int MAX_BATCH_COMMANDS = 64;

  /** Characters; HAProxy's longest answer, 64 entries of a map, takes a twentieth. */
  private static final int MAX_BATCH_ANSWER = 256 << 10;

  /** Characters of an answer that is read line by line: twice what 100,000 used keys take. */
  private static final long MAX_LISTING = 32 << 20;

  private static final int MAX_LINE = 1024;
  private static final String PROMPT = "\n> ";
  private static final String PROMPT_LINE = "> ";
  private static final String PAYLOAD_PROMPT = "+ ";

  private final Socket plain;
  private final Incoming incoming;
  private final OutputStream out;
  private final PushSettings settings;
  private Fence fence = Fence.OPEN;
  private final Watchdog watchdog;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final StringBuilder received = new StringBuilder();

  private RuntimeApi(Socket plain, SSLSocket tls, PushSettings settings, Watchdog watchdog)
      throws IOException {
    this.plain = plain;
    this.out = tls.getOutputStream();
    this.settings = settings;
    this.watchdog = watchdog;
    this.incoming = new Incoming(tls.getInputStream(), () -> end.complete(null));
  }

  static RuntimeApi connect(
      ReplicaEndpoint endpoint,
      ControlCredentials credentials,
      ControlRole role,
      PushSettings settings,
      Watchdog watchdog)
      throws RuntimeApiException {
    var plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()),
          Math.toIntExact(settings.connect().toMillis()));
      var tls = handshake(plain, credentials, role, watchdog.within(settings.connect(), plain));
      return new RuntimeApi(plain, tls, settings, watchdog).prompted();
    } catch (RuntimeApiException | RuntimeException e) {
      closeQuietly(plain);
      throw e;
    } catch (IOException e) {
      closeQuietly(plain);
      throw new RuntimeApiException(errorOf(e), "connect", e);
    }
  }

  private static SSLSocket handshake(
      Socket plain, ControlCredentials credentials, ControlRole role, Watchdog.Limit limit)
      throws IOException {
    try (limit) {
      return handshake(plain, credentials, role);
    } catch (IOException e) {
      throw new RuntimeApiException(
          limit.expired() ? PushError.TIMEOUT : errorOf(e), "handshake", e);
    }
  }

  private static SSLSocket handshake(Socket plain, ControlCredentials credentials, ControlRole role)
      throws IOException {
    var tls =
        (SSLSocket)
            credentials
                .context(role)
                .getSocketFactory()
                .createSocket(plain, credentials.serverName(), plain.getPort(), true);
    var parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3"});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  // In TLS 1.3 a rejected client certificate shows only at the first read: as an alert, as a reset
  // if that arrives first, or as end of stream if HAProxy accepts the certificate but not its name.
  private RuntimeApi prompted() throws RuntimeApiException {
    try {
      if (!ask(Command.of("prompt")).isEmpty()) {
        throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, "prompt");
      }
      return this;
    } catch (RuntimeApiException e) {
      throw e.error() == PushError.CLOSED
          ? new RuntimeApiException(PushError.TLS_REFUSED, "prompt", e)
          : e;
    }
  }

  String ask(Command command) throws RuntimeApiException {
    return ask(List.of(command)).getFirst();
  }

  /** Sends the commands in as few batches as possible; returns the answers in the same order. */
  List<String> ask(List<Command> commands) throws RuntimeApiException {
    var answers = new ArrayList<String>(commands.size());
    var batch = new ArrayList<Command>();
    int bytes = 0;
    for (var command : commands) {
      int length = command.wire().length();
      if (length > MAX_BATCH_BYTES + PAYLOAD_PROMPT.length()) {
        throw new RuntimeApiException(PushError.TOO_LARGE, command.name());
      }
      if (batch.size() == MAX_BATCH_COMMANDS || bytes + length > MAX_BATCH_BYTES) {
        answers.addAll(roundTrip(batch));
        batch.clear();
        bytes = 0;
      }
      batch.add(command);
      bytes += length;
    }
    if (!batch.isEmpty()) {
      answers.addAll(roundTrip(batch));
    }
    return answers;
  }

  /**
   * Sends a command whose answer may be long, and passes on its lines one by one, without empty
   * ones. The consumer may abort by throwing.
   */
  void list(Command command, Lines lines) throws RuntimeApiException {
    roundTrip(
        List.of(command),
        () -> {
          readLines(command, lines);
          return List.<String>of();
        });
  }

  /** Consumes the lines of an answer. */
  interface Lines {
    void take(String line) throws RuntimeApiException;
  }

  /** Sends nothing more on this connection while the fence is closed. */
  RuntimeApi within(Fence limits) {
    fence = limits;
    return this;
  }

  /**
   * Runs an action once the connection has ended, whoever ended it, and also while no command is
   * being answered: on the thread that notices it, or at once if it has ended already.
   */
  RuntimeApi whenEnded(Runnable action) {
    var _ = end.thenRun(action);
    return this;
  }

  private List<String> roundTrip(List<Command> batch) throws RuntimeApiException {
    return roundTrip(batch, () -> readAnswers(batch));
  }

  /** Reads the answers to a batch. */
  private interface Reading {
    List<String> read() throws IOException;
  }

  private List<String> roundTrip(List<Command> batch, Reading reading) throws RuntimeApiException {
    if (!fence.open()) {
      throw new RuntimeApiException(PushError.FENCED, batch.getFirst().name());
    }
    var text = new StringBuilder();
    batch.forEach(command -> text.append(command.wire()));
    var limit = watchdog.within(settings.answer(), plain);
    try (limit) {
      if (incoming.waiting()) {
        receive(batch.getFirst());
        throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, batch.getFirst().name());
      }
      out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
      var answers = reading.read();
      if (!received.isEmpty()) {
        throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, batch.getLast().name());
      }
      return answers;
    } catch (RuntimeApiException e) {
      throw limit.expired() ? new RuntimeApiException(PushError.TIMEOUT, "answer", e) : e;
    } catch (IOException e) {
      throw new RuntimeApiException(limit.expired() ? PushError.TIMEOUT : errorOf(e), "answer", e);
    }
  }

  private List<String> readAnswers(List<Command> batch) throws IOException {
    var answers = new ArrayList<String>(batch.size());
    long room = MAX_BATCH_ANSWER;
    for (var command : batch) {
      var answer = readAnswer(command, room);
      room -= answer.length();
      answers.add(answer);
    }
    return answers;
  }

  private String readAnswer(Command command, long room) throws IOException {
    int from = 0;
    int end;
    while ((end = received.indexOf(PROMPT, from)) < 0) {
      from = Math.max(0, received.length() - PROMPT.length());
      receive(command);
      if (received.length() > room) {
        throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, command.name());
      }
    }
    var answer = received.substring(0, end);
    received.delete(0, end + PROMPT.length());
    return command.hasPayload() ? withoutPayloadPrompts(answer) : answer;
  }

  private void readLines(Command command, Lines lines) throws IOException {
    long room = MAX_LISTING;
    while (true) {
      int start = 0;
      for (int end = received.indexOf("\n"); end >= 0; end = received.indexOf("\n", start)) {
        if (end > start) {
          lines.take(received.substring(start, end));
        }
        start = end + 1;
      }
      received.delete(0, start);
      if (received.indexOf(PROMPT_LINE) == 0) {
        received.delete(0, PROMPT_LINE.length());
        return;
      }
      room -= receive(command);
      if (room < 0 || received.length() > MAX_LINE + Incoming.CHUNK) {
        throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, command.name());
      }
    }
  }

  private int receive(Command command) throws IOException {
    var text = incoming.take();
    if (text == null) {
      throw new RuntimeApiException(PushError.CLOSED, command.name());
    }
    received.append(text);
    return text.length();
  }

  // Their number depends on the version of HAProxy and on how the payload was split.
  private static String withoutPayloadPrompts(String answer) {
    int start = 0;
    while (answer.startsWith(PAYLOAD_PROMPT, start)) {
      start += PAYLOAD_PROMPT.length();
    }
    return answer.substring(start);
  }

  private static PushError errorOf(IOException e) {
    return switch (e) {
      case ConnectException refused -> PushError.UNREACHABLE;
      case NoRouteToHostException unrouted -> PushError.UNREACHABLE;
      case UnknownHostException unknown -> PushError.UNREACHABLE;
      case SocketTimeoutException slow -> PushError.TIMEOUT;
      case SSLException refused when !(refused.getCause() instanceof IOException) ->
          PushError.TLS_REFUSED;
      default -> PushError.CLOSED;
    };
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The connection is not used again in any case.
    }
  }

  // Not the TLS socket: closing that may block on a writer that waits for the peer.
  @Override
  public void close() {
    closeQuietly(plain);
    incoming.close();
  }
}
