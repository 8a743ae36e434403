package io.mapwright.operator.pki;

import static java.util.stream.Collectors.joining;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads and writes PEM. */
public final class Pem {

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  /** Forty certificates. A gateway takes no more than 14 kB while it runs. */
  public static final int MAX_CERTIFICATES = 64 << 10;

  /** An RSA key of 8192 bits takes 6.4 kB; with longer ones a signature takes seconds. */
  public static final int MAX_KEY = 8 << 10;

  private Pem() {}

  public static String of(X509Certificate certificate) throws GeneralSecurityException {
    return block("CERTIFICATE", certificate.getEncoded());
  }

  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  private static String block(String label, byte[] der) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /** Returns the chain in file order, leaf first, whatever else is in the file; never empty. */
  public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    if (pem.length() > MAX_CERTIFICATES) {
      throw new GeneralSecurityException("more text than certificates take");
    }
    var blocks = CERTIFICATE.matcher(pem).results().map(MatchResult::group).collect(joining("\n"));
    if (blocks.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    var bytes = new ByteArrayInputStream(blocks.getBytes(StandardCharsets.US_ASCII));
    return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  /** Reads PKCS#8 and the older forms cert-manager and openssl write (RSA, EC). */
  public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    if (pem.length() > MAX_KEY) {
      throw new GeneralSecurityException("more text than a private key takes");
    }
    try (var parser = new PEMParser(new StringReader(pem))) {
      var converter = new JcaPEMKeyConverter();
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
        if (object instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
    } catch (PEMException e) {
      throw new GeneralSecurityException("no readable private key", e);
    } catch (IOException e) {
      throw new GeneralSecurityException("no readable PEM", e);
    }
    throw new GeneralSecurityException("no private key");
  }
}
