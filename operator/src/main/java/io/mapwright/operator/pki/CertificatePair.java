package io.mapwright.operator.pki;

import io.mapwright.operator.model.ServedCertificate;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The certificate and the private key of a TLS Secret, validated without exceptions. */
public final class CertificatePair implements ServedCertificate {

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** Those of the authorities, control channels and hosts of five thousand instances. */
  private static final int REMEMBERED = 15_000;

  private static final KnownPairs PAIRS = new KnownPairs(REMEMBERED, CertificatePair::belongsTo);

  private final boolean tooLarge;
  private final @Nullable X509Certificate leaf;
  private final @Nullable PrivateKey key;
  private final boolean matching;

  private CertificatePair(
      boolean tooLarge, @Nullable X509Certificate leaf, @Nullable PrivateKey key) {
    this.tooLarge = tooLarge;
    this.leaf = leaf;
    this.key = key;
    matching = leaf != null && key != null && PAIRS.match(key, leaf.getPublicKey());
  }

  /** Reads a pair; errors are reported by {@link #problem}. */
  public static CertificatePair of(String certificatePem, String privateKeyPem) {
    return new CertificatePair(
        certificatePem.length() > Pem.MAX_CERTIFICATES || privateKeyPem.length() > Pem.MAX_KEY,
        readLeaf(certificatePem),
        readKey(privateKeyPem));
  }

  private static @Nullable X509Certificate readLeaf(String pem) {
    try {
      return Pem.certificates(pem).getFirst();
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static @Nullable PrivateKey readKey(String pem) {
    try {
      return Pem.privateKey(pem);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  /** Whether the certificate may be presented by a client (RFC 5280, 4.2.1.12). */
  public boolean authenticatesClients() {
    try {
      return leaf != null
          && Optional.ofNullable(leaf.getExtendedKeyUsage())
              .filter(purposes -> purposes.contains(CLIENT_AUTH))
              .isPresent();
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  @Override
  public Optional<Flaw> problem(Instant now) {
    if (tooLarge) {
      return Optional.of(Flaw.TOO_LARGE);
    }
    if (leaf == null) {
      return Optional.of(Flaw.CERTIFICATE_UNPARSABLE);
    }
    if (key == null) {
      return Optional.of(Flaw.KEY_UNPARSABLE);
    }
    if (!matching) {
      return Optional.of(Flaw.MISMATCH);
    }
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      return Optional.of(Flaw.EXPIRED);
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      return Optional.of(Flaw.NOT_YET_VALID);
    }
    return Optional.empty();
  }

  public Optional<Instant> notBefore() {
    return Optional.ofNullable(leaf).map(certificate -> certificate.getNotBefore().toInstant());
  }

  @Override
  public Optional<Instant> notAfter() {
    return Optional.ofNullable(leaf).map(certificate -> certificate.getNotAfter().toInstant());
  }

  @Override
  public boolean covers(String host) {
    var wanted = host.toLowerCase(Locale.ROOT);
    var dot = wanted.indexOf('.');
    var wildcard = dot < 0 ? "*" : "*" + wanted.substring(dot);
    return names(IP_ADDRESS).contains(wanted)
        || names(DNS_NAME).stream().anyMatch(name -> name.equals(wanted) || name.equals(wildcard));
  }

  private List<String> names(int kind) {
    if (leaf == null) {
      return List.of();
    }
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      return Objects.requireNonNullElse(names, List.<List<?>>of()).stream()
          .filter(name -> Objects.equals(name.get(0), kind))
          .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  // Signing is the one test that holds for RSA, EC and EdDSA keys alike.
  private static boolean belongsTo(PrivateKey key, PublicKey certified) {
    try {
      var algorithm = signatureFor(certified.getAlgorithm());
      var message = new byte[32];
      Arrays.fill(message, (byte) 0x5a);
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(message);
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certified);
      verifier.update(message);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String signatureFor(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> keyAlgorithm;
    };
  }

  @Override
  public String toString() {
    return "CertificatePair[notBefore=" + notBefore() + ", notAfter=" + notAfter() + "]";
  }
}
