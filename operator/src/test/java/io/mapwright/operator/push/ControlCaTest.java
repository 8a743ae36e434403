package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.pki.Pem;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlCaTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final SecureRandom random = new SecureRandom();
  private final ControlCa ca = ControlCa.create("maps/main", CLOCK, random);

  @Test
  void storedAuthorityVouchesForTheSame() throws Exception {
    var loaded =
        ControlCa.load(ca.certificatePem(), ca.privateKeyPem(), CLOCK, random).orElseThrow();
    var server = Pem.certificates(loaded.server(List.of("a.b")).certificatePem()).getFirst();

    server.verify(Pem.certificates(ca.certificatePem()).getFirst().getPublicKey());
    assertThat(loaded.certificatePem()).isEqualTo(ca.certificatePem());
  }

  @Test
  void damagedForeignOrExpiredAuthorityIsNotLoaded() {
    var other = ControlCa.create("other", CLOCK, random);
    var later = Clock.offset(CLOCK, Duration.ofDays(4000));

    assertThat(ControlCa.load(ca.certificatePem(), other.privateKeyPem(), CLOCK, random)).isEmpty();
    assertThat(ControlCa.load("", ca.privateKeyPem(), CLOCK, random)).isEmpty();
    assertThat(ControlCa.load(ca.certificatePem(), ca.privateKeyPem(), later, random)).isEmpty();
  }

  @Test
  void certificatesSayWhatTheyAreFor() throws Exception {
    var server = Pem.certificates(ca.server(List.of("gw.x", "gw")).certificatePem()).getFirst();
    var client = Pem.certificates(ca.client(ControlRole.TABLE).certificatePem()).getFirst();
    var authority = Pem.certificates(ca.certificatePem()).getFirst();

    assertThat(server.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(server.getSubjectAlternativeNames()).hasSize(2);
    assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=mapwright-operator");
    assertThat(client.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(24)));
    assertThat(authority.getBasicConstraints()).isZero();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void nothingPrintsAPrivateKey() {
    var issued = ca.client(ControlRole.CERTIFICATES);
    var key = issued.privateKeyPem().lines().toList().get(1);

    assertThat(issued.toString()).doesNotContain(key).doesNotContain("PRIVATE");
    assertThat(ca.toString()).doesNotContain("PRIVATE");
    assertThat(DesiredCertificate.of(issued.certificatePem() + issued.privateKeyPem()).toString())
        .doesNotContain(key);
    assertThat(Command.withPayload(issued.privateKeyPem(), "set ssl cert", "/x").toString())
        .isEqualTo("set ssl");
    assertThat(issued.privateKeyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n");
  }
}
