package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.metrics.Review.Verdict;
import io.mapwright.operator.pki.OwnCertificate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attacks on the ports of the operator, which any pod may reach where no policy is enforced. */
@Timeout(120)
class StatusServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CONNECTIONS = HttpPort.Limits.DEFAULT.connections();

  /** A machine under load takes its time: only what is about a deadline has a short one. */
  private static final HttpPort.Limits PATIENT = limits(Duration.ofMinutes(1));

  private static final HttpPort.Limits HASTY = limits(Duration.ofSeconds(2));

  private static final String HALF = "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: ";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicInteger refreshes = new AtomicInteger();

  private StatusServer server(Optional<StatusServer.Guard> guard, HttpPort.Limits limits)
      throws IOException {
    registry.counter("mapwright.test").increment();
    var server =
        new StatusServer(
            0,
            0,
            new Probes(List::of, List::of, List::of),
            registry,
            refreshes::incrementAndGet,
            guard,
            limits);
    server.start();
    return server;
  }

  private StatusServer open() throws IOException {
    return open(PATIENT);
  }

  private StatusServer open(HttpPort.Limits limits) throws IOException {
    return server(Optional.empty(), limits);
  }

  @Test
  void wholeRequestHasFiveSecondsAndItsAnswerTen() {
    assertThat(HttpPort.Limits.DEFAULT)
        .isEqualTo(
            new HttpPort.Limits(64, 16 << 10, Duration.ofSeconds(5), Duration.ofSeconds(10)));
  }

  @Test
  void eachPortAnswersItsOwnQuestions() throws Exception {
    try (var server = open()) {
      assertThat(get(server.port(), "/metrics"))
          .contains(" 200 ")
          .contains("mapwright_test_total 1");
      assertThat(get(server.port(), "/livez")).contains(" 404 ");
      assertThat(get(server.probePort(), "/livez")).contains(" 200 ").endsWith("alive\n");
      assertThat(get(server.probePort(), "/readyz?verbose")).contains(" 200 ").endsWith("ready\n");
      assertThat(get(server.probePort(), "/metrics")).contains(" 404 ");
    }
  }

  /** Five thousand of these ended the operator. */
  @Test
  void halfSentRequestsAreFewAtATimeAndEnd() throws Exception {
    var held = new ArrayList<Socket>();
    try (var server = open(HASTY)) {
      var before = used();
      for (int n = 0; n < 5000; n++) {
        held.add(half(server.port(), "127.0.0.1"));
      }
      assertThat(used() - before).as("memory").isLessThan(32L << 20);
      assertThat(get(server.port(), "/metrics")).as("somebody honest").contains(" 200 ");
      assertThat(get(server.probePort(), "/livez")).as("the kubelet").contains(" 200 ");
      await("what is left ends at the deadline")
          .atMost(PATIENCE)
          .until(() -> held.getLast().getInputStream().read() < 0);
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void floodOfOneAddressEndsNoConnectionOfAnother() throws Exception {
    var held = new ArrayList<Socket>();
    try (var server = open();
        var slow = half(server.port(), "127.0.0.2")) {
      for (int n = 0; n < 4 * CONNECTIONS; n++) {
        held.add(half(server.port(), "127.0.0.1"));
      }
      write(slow, "x\r\n\r\n");
      assertThat(read(slow)).contains(" 200 ");
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void honestScrapesGoThroughWhileAFloodGoesOn() throws Exception {
    try (var server = open()) {
      var full = new CountDownLatch(2 * CONNECTIONS);
      var flood =
          Thread.ofVirtual()
              .start(() -> {
                var held = new ArrayList<Socket>();
                try {
                  while (!Thread.currentThread().isInterrupted()) {
                    held.add(half(server.port(), "127.0.0.1"));
                    full.countDown();
                    if (held.size() > 1000) {
                      held.removeFirst().close();
                    }
                    Thread.sleep(2);
                  }
                } catch (IOException | InterruptedException e) {
                  // The end of the test.
                }
              });
      full.await();
      for (int n = 0; n < 50; n++) {
        assertThat(get(server.port(), "/metrics")).contains(" 200 ");
        assertThat(get(server.probePort(), "/livez")).contains(" 200 ");
      }
      flood.interrupt();
    }
  }

  @Test
  void byteNowAndThenEndsAtTheDeadlineOfTheWhole() throws Exception {
    try (var server = open(HASTY);
        var slow = half(server.port(), "127.0.0.1")) {
      var begin = System.nanoTime();
      var ended = false;
      while (!ended && System.nanoTime() - begin < PATIENCE.toNanos()) {
        try {
          write(slow, "x");
          Thread.sleep(50);
        } catch (IOException e) {
          ended = true;
        }
      }
      assertThat(ended).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void longRequestIsRefused() throws Exception {
    try (var server = open();
        var socket = half(server.port(), "127.0.0.1")) {
      write(socket, "x".repeat(HttpPort.Limits.DEFAULT.head()));
      assertThat(read(socket)).contains(" 431 ");
    }
  }

  @Test
  void onlyGetIsAnswered() throws Exception {
    try (var server = open()) {
      assertThat(ask(server.port(), "POST /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n"))
          .contains(" 405 ");
      assertThat(ask(server.port(), "SSH-2.0-x\r\n\r\n")).contains(" 400 ");
      assertThat(ask(server.port(), "\r\n\r\n")).contains(" 400 ");
    }
  }

  @Test
  void thoseWhoReadSlowlyShareOneText() throws Exception {
    for (int n = 0; n < 20_000; n++) {
      registry.counter("mapwright.many", "n", "series-" + n);
    }
    var held = new ArrayList<Socket>();
    try (var server = open()) {
      for (int n = 0; n < 50; n++) {
        var socket = half(server.port(), "127.0.0.1");
        write(socket, "x\r\n\r\n");
        held.add(socket);
      }
      for (var socket : held) {
        assertThat(socket.getInputStream().read()).as("an answer began").isEqualTo('H');
      }
      assertThat(refreshes.get()).isBetween(1, 3);
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void tokenIsAskedForAndKeptFromThoseWhoListen() throws Exception {
    var verdicts =
        Map.of(
            "good", Verdict.ALLOWED, "other", Verdict.FORBIDDEN, "made-up", Verdict.UNKNOWN_TOKEN);
    var certificate = new OwnCertificate(List.of("metrics"), Clock.systemUTC(), new SecureRandom());
    var guard =
        new StatusServer.Guard(
            token -> Optional.ofNullable(verdicts.get(token)).orElseThrow(), certificate::sockets);
    try (var server = server(Optional.of(guard), PATIENT)) {
      assertThat(tls(server.port(), "")).contains(" 401 ").contains("WWW-Authenticate: Bearer");
      assertThat(tls(server.port(), "Authorization: Basic Z29vZA==\r\n")).contains(" 401 ");
      assertThat(tls(server.port(), "Authorization: Bearer made-up\r\n")).contains(" 401 ");
      assertThat(tls(server.port(), "Authorization: Bearer other\r\n")).contains(" 403 ");
      assertThat(tls(server.port(), "Authorization: Bearer unknown-to-the-map\r\n"))
          .contains(" 503 ");
      assertThat(tls(server.port(), "authorization: bearer good\r\n"))
          .contains(" 200 ")
          .contains("mapwright_test_total");
      assertThat(
              tls(server.port(), "Authorization: Bearer good\r\nAuthorization: Bearer other\r\n"))
          .as("two are none")
          .contains(" 401 ");
      assertThat(get(server.port(), "/metrics")).as("plain text").doesNotContain(" 200 ");
      assertThat(get(server.probePort(), "/livez"))
          .as("the kubelet has no token")
          .contains(" 200 ");
    }
  }

  /** The handshake is within the deadline too. */
  @Test
  void handshakeThatNeverEndsEndsAtTheDeadline() throws Exception {
    var certificate = new OwnCertificate(List.of("metrics"), Clock.systemUTC(), new SecureRandom());
    var guard = new StatusServer.Guard(_ -> Verdict.ALLOWED, certificate::sockets);
    try (var server = server(Optional.of(guard), HASTY);
        var mute = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      await().atMost(PATIENCE).until(() -> mute.getInputStream().read() < 0);
      assertThat(tls(server.port(), "Authorization: Bearer x\r\n")).contains(" 200 ");
    }
  }

  private static HttpPort.Limits limits(Duration request) {
    return new HttpPort.Limits(
        CONNECTIONS, HttpPort.Limits.DEFAULT.head(), request, Duration.ofMinutes(1));
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Socket half(int port, String from) throws IOException {
    var socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    write(socket, HALF);
    return socket;
  }

  private static String get(int port, String path) throws IOException {
    return ask(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  private static String ask(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      write(socket, request);
      return read(socket);
    }
  }

  private static String tls(int port, String headers) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      write(socket, "GET /metrics HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
      return read(socket);
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** As Prometheus with insecureSkipVerify. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
