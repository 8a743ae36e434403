package io.mapwright.operator.pki;

import java.time.Instant;

/** A certificate with its private key (PKCS#8) and the issuing authority, all as PEM. */
public record IssuedCertificate(
    String certificatePem,
    String privateKeyPem,
    String caPem,
    Instant notBefore,
    Instant notAfter) {

  @Override
  public String toString() {
    return "IssuedCertificate[notBefore=" + notBefore + ", notAfter=" + notAfter + "]";
  }
}
