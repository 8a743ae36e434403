package io.mapwright.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.ServedCertificate.Flaw;
import java.io.StringWriter;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;

class CertificatePairTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ControlCa ca =
      ControlCa.create("test", Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
  private final IssuedCertificate issued = ca.server(List.of("maps.example.com", "*.x.org"));
  private final CertificatePair pair =
      CertificatePair.of(issued.certificatePem(), issued.privateKeyPem());

  @Test
  void goodPairHasNoProblem() {
    assertThat(pair.problem(NOW)).isEmpty();
    assertThat(pair.notAfter()).hasValue(issued.notAfter());
    assertThat(pair.notBefore()).hasValue(issued.notBefore());
  }

  @Test
  void onlyACertificateThatSaysSoAuthenticatesClients() {
    assertThat(pair.authenticatesClients()).isTrue();
    var authority = CertificatePair.of(ca.certificatePem(), ca.privateKeyPem());
    assertThat(authority.authenticatesClients()).isFalse();
    assertThat(CertificatePair.of("", "").authenticatesClients()).isFalse();
  }

  @Test
  void eachDefectHasItsName() {
    var other = ca.server(List.of("maps.example.com"));

    assertThat(problem("", issued.privateKeyPem())).isEqualTo(Flaw.CERTIFICATE_UNPARSABLE);
    assertThat(problem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ""))
        .isEqualTo(Flaw.CERTIFICATE_UNPARSABLE);
    assertThat(problem(issued.certificatePem(), "nonsense")).isEqualTo(Flaw.KEY_UNPARSABLE);
    assertThat(problem(issued.certificatePem(), issued.certificatePem()))
        .isEqualTo(Flaw.KEY_UNPARSABLE);
    assertThat(problem(issued.certificatePem(), other.privateKeyPem())).isEqualTo(Flaw.MISMATCH);
    assertThat(pair.problem(issued.notAfter().plusSeconds(1))).hasValue(Flaw.EXPIRED);
    assertThat(pair.problem(NOW.minus(Duration.ofDays(1)))).hasValue(Flaw.NOT_YET_VALID);
  }

  @Test
  void secretFullOfTextIsNotRead() {
    var certificate = issued.certificatePem();
    var key = issued.privateKeyPem();
    assertThat(problem(certificate.repeat(100), key)).isEqualTo(Flaw.TOO_LARGE);
    assertThat(problem(certificate, "x".repeat(9000) + key)).isEqualTo(Flaw.TOO_LARGE);
  }

  @Test
  void keyOfAnotherAlgorithmIsAMismatch() throws Exception {
    var rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024); // quick, and protects nothing

    assertThat(problem(issued.certificatePem(), Pem.of(rsa.generateKeyPair().getPrivate())))
        .isEqualTo(Flaw.MISMATCH);
  }

  @Test
  void olderKeyFormatsAreRead() throws Exception {
    var pem = traditional(Pem.privateKey(issued.privateKeyPem()));

    assertThat(pem).startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThat(CertificatePair.of(issued.certificatePem(), pem).problem(NOW)).isEmpty();
  }

  @Test
  void wildcardCoversOneLabelAndNotTheApex() {
    assertThat(pair.covers("MAPS.example.com")).isTrue();
    assertThat(pair.covers("a.x.org")).isTrue();
    assertThat(pair.covers("x.org")).isFalse();
    assertThat(pair.covers("a.b.x.org")).isFalse();
    assertThat(pair.covers("xx.org")).isFalse();
    assertThat(pair.covers("example.com")).isFalse();
    assertThat(CertificatePair.of("", "").covers("x.org")).isFalse();
  }

  private static Flaw problem(String certificate, String key) {
    return CertificatePair.of(certificate, key).problem(NOW).orElseThrow();
  }

  /** The form that {@code openssl ecparam -genkey} writes: SEC 1 with the curve inside. */
  private static String traditional(PrivateKey key) throws Exception {
    var scalar = ((java.security.interfaces.ECPrivateKey) key).getS();
    var sec1 = new ECPrivateKey(256, scalar, SECObjectIdentifiers.secp256r1);
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      writer.writeObject(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
    }
    return text.toString();
  }
}
