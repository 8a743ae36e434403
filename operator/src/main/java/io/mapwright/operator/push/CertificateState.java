package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether one replica serves the certificate it was given.
 *
 * @param served what the gateway reports to serve, or null if never read
 * @param current whether that is the desired one
 */
public record CertificateState(
    @Nullable Served served, boolean current, @Nullable PushError lastError, Instant since) {

  /**
   * What a gateway reports about the certificate it serves.
   *
   * @param fingerprint SHA-1 fingerprint of the leaf, upper-case hex
   * @param notAfter when the leaf ends
   */
  public record Served(String fingerprint, Instant notAfter) {}
}
