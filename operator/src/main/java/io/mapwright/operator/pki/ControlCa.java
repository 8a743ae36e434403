package io.mapwright.operator.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of one instance's control channel. It certifies only that instance's gateways and
 * this operator towards them; its key grants full write access to the table.
 */
public final class ControlCa {

  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration SERVER_LIFE = Duration.ofDays(365);
  private static final Duration CLIENT_LIFE = Duration.ofHours(24);
  // Nodes disagree about the time by minutes; a certificate made now must be valid there too.
  private static final Duration SKEW = Duration.ofMinutes(10);
  private static final int SERIAL_BITS = 120;

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;
  private final SecureRandom random;

  private ControlCa(X509Certificate certificate, PrivateKey key, Clock clock, SecureRandom random) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    this.random = random;
  }

  /** Creates a new authority; {@code name} is only for display. */
  public static ControlCa create(String name, Clock clock, SecureRandom random) {
    var pair = keyPair(random);
    var subject = new X500Principal("CN=" + name.replaceAll("[^A-Za-z0-9. -]", "-"));
    var builder = builder(subject, subject, pair, CA_LIFE, clock, random);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new ControlCa(
          sign(builder, pair.getPrivate(), random), pair.getPrivate(), clock, random);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot issue certificates", e);
    }
  }

  /** Reads back a stored authority; empty if it is damaged, expired or its parts do not match. */
  public static Optional<ControlCa> load(
      String certificatePem, String privateKeyPem, Clock clock, SecureRandom random) {
    if (CertificatePair.of(certificatePem, privateKeyPem).problem(clock.instant()).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ControlCa(
              Pem.certificates(certificatePem).getFirst(),
              Pem.privateKey(privateKeyPem),
              clock,
              random));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Issues what a gateway presents: on its control port, and to the other gateways of its instance.
   * The first name is also its subject.
   */
  public IssuedCertificate server(List<String> dnsNames) {
    var names = dnsNames.stream().map(name -> new GeneralName(GeneralName.dNSName, name));
    return issue(
        dnsNames.getFirst(),
        new GeneralNames(names.toArray(GeneralName[]::new)),
        SERVER_LIFE,
        KeyPurposeId.id_kp_serverAuth,
        KeyPurposeId.id_kp_clientAuth);
  }

  /** Issues what the operator presents; kept in memory only, hence short-lived. */
  public IssuedCertificate client(ControlRole role) {
    return client(role.commonName());
  }

  public IssuedCertificate client(String commonName) {
    var name = new GeneralName(GeneralName.dNSName, commonName);
    return issue(commonName, new GeneralNames(name), CLIENT_LIFE, KeyPurposeId.id_kp_clientAuth);
  }

  public String certificatePem() {
    try {
      return Pem.of(certificate);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a parsed certificate has an encoding", e);
    }
  }

  public String privateKeyPem() {
    return Pem.of(key);
  }

  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  private IssuedCertificate issue(
      String commonName, GeneralNames names, Duration life, KeyPurposeId... purposes) {
    var pair = keyPair(random);
    var subject = new X500Principal("CN=" + commonName);
    var issuer = certificate.getSubjectX500Principal();
    var builder = builder(subject, issuer, pair, life, clock, random);
    try {
      var extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
          .addExtension(Extension.subjectAlternativeName, false, names)
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions.createAuthorityKeyIdentifier(certificate));
      var issued = sign(builder, key, random);
      return new IssuedCertificate(
          Pem.of(issued),
          Pem.of(pair.getPrivate()),
          certificatePem(),
          issued.getNotBefore().toInstant(),
          issued.getNotAfter().toInstant());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot issue certificates", e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal subject,
      X500Principal issuer,
      KeyPair pair,
      Duration life,
      Clock clock,
      SecureRandom random) {
    var now = clock.instant();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
        Date.from(now.minus(SKEW)),
        Date.from(now.plus(life)),
        subject,
        pair.getPublic());
  }

  private static X509Certificate sign(
      JcaX509v3CertificateBuilder builder, PrivateKey signer, SecureRandom random)
      throws GeneralSecurityException {
    try {
      var content =
          new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(signer);
      return new JcaX509CertificateConverter().getCertificate(builder.build(content));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair keyPair(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  @Override
  public String toString() {
    return "ControlCa[" + certificate.getSubjectX500Principal() + "]";
  }
}
