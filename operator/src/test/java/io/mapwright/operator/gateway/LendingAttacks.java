package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;

/** Somebody borrows who is no gateway, or lends. */
final class LendingAttacks {
  private static final String[] QUESTION = {"x-key: abc", "x-counts: keys", "x-limits: 1:50:100:4"};
  private static final String LENDER = "127.0.0.30";

  private LendingAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("a loan for nobody's certificate", LendingAttacks::withoutCertificate),
        Attack.of("a loan for the operator's certificate", LendingAttacks::withAnother),
        Attack.of("idle connections at the lending port", LendingAttacks::idleOnes),
        Attack.of("a part that was lent", LendingAttacks::lent),
        Attack.of("a lender that is no gateway", LendingAttacks::foreignLender));
  }

  private static void withoutCertificate(Gateway gw) {
    share(gw);
    assertThat(ask(gw, "server", "/share", QUESTION).status()).isEqualTo(200);
    assertThat(ask(gw, "", "/share", QUESTION).status()).isZero();
    assertThat(ask(gw, "foreign", "/share", QUESTION).status()).isZero();
  }

  private static void withAnother(Gateway gw) {
    share(gw);
    for (var client : List.of("tables", "certificates", "stranger")) {
      assertThat(ask(gw, client, "/share", QUESTION).status()).as(client).isZero();
    }
  }

  /** More than there are places, from an address that is no gateway's. */
  private static void idleOnes(Gateway gw) throws IOException {
    share(gw);
    try (var _ = new Idle(gw.settings.ports().lending(), "127.0.0.9", 300)) {
      assertThat(ask(gw, "server", "/share", QUESTION).status()).isEqualTo(200);
    }
  }

  /** Of a key whose whole part was lent one request at a time is left. */
  private static void lent(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(1000, 40, 0));
    share(gw);
    gw.add(new MapEntry(GatewayMap.SHARES, key.keyId(), "0|9999999999"));
    var replies = new ArrayList<Reply>();
    for (int i = 0; i < 8; i++) {
      replies.add(gw.get("/data/tiles/1/2/3.pbf?key=" + key.value()));
    }
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSizeBetween(1, 2);
  }

  /** It answers with all that there is, under a certificate of another authority. */
  private static void foreignLender(Gateway gw) throws Exception {
    var key = Table.limited(gw, new RequestRate(1000, 40, 0));
    share(gw);
    gw.add(MetaEntry.gateways(LENDER).toMapEntry());
    var factory = TestCertificates.client("foreign").getServerSocketFactory();
    try (var listener =
            (SSLServerSocket)
                factory.createServerSocket(
                    gw.settings.ports().lending(), 16, InetAddress.ofLiteral(LENDER));
        var lender = new Lender(listener)) {
      lender.start();
      var replies = new ArrayList<Reply>();
      for (int i = 0; i < 40; i++) {
        replies.add(gw.get("/data/tiles/1/2/3.pbf?key=" + key.value()));
      }
      assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSizeLessThan(30);
    }
  }

  private static void share(Gateway gw) {
    gw.runtime("set map " + gw.paths.map(GatewayMap.META) + " ready 4");
  }

  /** What the gateway answers to somebody with that certificate; status 0 for nothing. */
  static Reply ask(Gateway gw, String certificate, String path, String... headers) {
    var context = TestCertificates.client(certificate);
    try (var socket = gw.tls(context, "127.0.0.1", gw.settings.ports().lending())) {
      socket.setSoTimeout(3000);
      var head =
          Stream.concat(
                  Stream.of("GET " + path + " HTTP/1.1", "Host: gateway", "Connection: close"),
                  Stream.of(headers))
              .collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      return Reply.read(new BufferedInputStream(socket.getInputStream()), false);
    } catch (IOException e) {
      // Refused in the handshake, or closed after it.
      return new Reply(0, List.of(), e.toString());
    }
  }

  /** Answers each request with a loan, until its listener is closed. */
  private static final class Lender extends Thread implements AutoCloseable {
    private final SSLServerSocket listener;

    Lender(SSLServerSocket listener) {
      super("lender");
      this.listener = listener;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!listener.isClosed()) {
        try (var socket = listener.accept()) {
          var in = new BufferedInputStream(socket.getInputStream());
          while (!Reply.head(in).isEmpty()) {
            socket
                .getOutputStream()
                .write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Answer: 3000:2000\r\n\r\n"
                        .getBytes(ISO_8859_1));
          }
        } catch (IOException _) {
          // A gateway that does not trust it ends the handshake.
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
