package io.mapwright.operator.push;

import java.security.GeneralSecurityException;

/** A chain with its key as PEM, and the fingerprint by which a gateway names it. */
record DesiredCertificate(String pem, String fingerprint) {

  static DesiredCertificate of(String pem) {
    try {
      return new DesiredCertificate(pem, CertificatePush.fingerprint(pem));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a PEM certificate; check it as CertificatePair", e);
    }
  }

  @Override
  public String toString() {
    return "DesiredCertificate[" + fingerprint + "]";
  }
}
