package io.mapwright.operator.model;

import java.time.Instant;
import java.util.Optional;

/** The certificate and the private key of a TLS Secret, as far as decisions need to know them. */
public interface ServedCertificate {

  /** What is wrong with a pair. */
  enum Flaw {
    /** The certificates are more than 64 KiB of text, or the key more than 8 KiB. */
    TOO_LARGE,
    /** The certificate is not PEM with at least one X.509 certificate. */
    CERTIFICATE_UNPARSABLE,
    /** The key is not PEM with an unencrypted RSA, EC or Ed25519 private key. */
    KEY_UNPARSABLE,
    /** The key does not belong to the first certificate. */
    MISMATCH,
    EXPIRED,
    NOT_YET_VALID
  }

  /** Returns the first reason not to serve this pair at that moment. */
  Optional<Flaw> problem(Instant now);

  /** When it expires; empty if it cannot be parsed. */
  Optional<Instant> notAfter();

  /**
   * Says whether a client that asks for {@code host} would accept this name: a name or address from
   * the subject alternative names, or a wildcard for exactly its first label.
   */
  boolean covers(String host);
}
