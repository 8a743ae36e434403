package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.pki.IssuedCertificate;
import io.mapwright.operator.pki.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class CertificatePushIT extends GatewayFixture {

  @Test
  void newCertificateIsServedAndOpenConnectionsStay() throws Exception {
    var table = table(10);
    var fleet = following(table);
    var renewed = ca.server(List.of("maps.test"));
    var gateway = gateways.getFirst();
    try (var open = tls(gateway)) {
      var before = leaf(open);
      assertThat(ask(open)).contains("200");

      fleet.pushCertificate(INSTANCE, path("public"), pem(renewed));
      awaitServed(fleet, path("public"), renewed);

      assertThat(ask(open)).as("on the connection opened before").contains("200");
      try (var later = tls(gateway)) {
        assertThat(leaf(later)).isNotEqualTo(before);
        assertThat(Pem.of(leaf(later))).isEqualTo(renewed.certificatePem());
      }
    }
    assertThat(observer.certificatesPushed).hasValue(3);
    assertThat(fleet.servedUntil(INSTANCE))
        .hasValue(Pem.certificates(renewed.certificatePem()).getFirst().getNotAfter().toInstant());

    fleet.close();
    var next = fleet();
    next.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    next.pushCertificate(INSTANCE, path("public"), pem(renewed));
    awaitServed(next, path("public"), renewed);
    assertThat(observer.certificatesPushed).as("served already").hasValue(3);
  }

  @Test
  void restartedGatewayGetsTheCertificateAgain() throws Exception {
    var fleet = following(table(10));
    var renewed = ca.server(List.of("maps.test"));
    fleet.pushCertificate(INSTANCE, path("public"), pem(renewed));
    awaitServed(fleet, path("public"), renewed);
    var gateway = gateways.getFirst();
    gateway.kill();
    gateway.start();

    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          try (var socket = tls(gateway)) {
            assertThat(Pem.of(leaf(socket))).isEqualTo(renewed.certificatePem());
          }
        });
  }

  @Test
  void controlCertificateIsRotatedOverItsOwnChannel() throws Exception {
    var fleet = following(table(10));
    var renewed = ca.server(List.of(GatewayProcess.SERVER_NAME));
    fleet.pushCertificate(INSTANCE, path("control"), pem(renewed));
    awaitServed(fleet, path("control"), renewed);

    var next = fleet();
    var table = table(20);
    table.complete();
    next.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    awaitInStep(next, table.generation());
    fleet.close();
  }

  @Test
  void unusableCertificateIsRefusedAndTheServedOneStays() throws Exception {
    var fleet = following(table(10));
    var one = ca.server(List.of("maps.test"));
    var another = ca.server(List.of("maps.test"));
    fleet.pushCertificate(INSTANCE, path("public"), one.certificatePem() + another.privateKeyPem());
    fleet.pushCertificate(INSTANCE, "/not/configured", pem(one));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(error(fleet, path("public"))).hasValue(PushError.REJECTED);
          assertThat(error(fleet, "/not/configured")).hasValue(PushError.NOT_CONFIGURED);
        });
    try (var socket = tls(gateways.getFirst())) {
      assertThat(ask(socket)).contains("200");
    }
    assertThat(state(fleet, gateways.getFirst()).connected()).isTrue();
  }

  private void awaitServed(GatewayFleet fleet, String path, IssuedCertificate certificate)
      throws Exception {
    var fingerprint = CertificatePush.fingerprint(certificate.certificatePem());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(fleet.certificates(INSTANCE).values())
                .hasSize(3)
                .allSatisfy(states ->
                    assertThat(states)
                        .hasEntrySatisfying(
                            path,
                            state -> {
                              assertThat(state.served())
                                  .extracting(CertificateState.Served::fingerprint)
                                  .isEqualTo(fingerprint);
                              assertThat(state.current()).isTrue();
                            })));
  }

  private static Optional<PushError> error(GatewayFleet fleet, String path) {
    var states = fleet.certificates(INSTANCE).getOrDefault("uid-replica0", Map.of());
    return Optional.ofNullable(states.get(path)).map(CertificateState::lastError);
  }

  private String path(String pair) {
    return dir.resolve(pair + "/tls.crt").toString();
  }

  private static String pem(IssuedCertificate certificate) {
    return certificate.certificatePem() + "\n" + certificate.privateKeyPem();
  }

  // A context of its own: a resumed session would show the certificate of the first one.
  private SSLSocket tls(GatewayProcess gateway) throws IOException {
    var socket =
        (SSLSocket)
            credentials(ca)
                .context(ControlRole.TABLE)
                .getSocketFactory()
                .createSocket(gateway.address(), gateway.https);
    socket.setSoTimeout(5000);
    socket.startHandshake();
    return socket;
  }

  private static X509Certificate leaf(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** One request on a connection that stays open; returns the status line. */
  private static String ask(SSLSocket socket) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: maps.test\r\nx-key: K1\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    var status = in.readLine();
    for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      assertThat(line).doesNotContainIgnoringCase("connection: close");
    }
    return String.valueOf(status);
  }
}
