package io.mapwright.operator.push;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether one replica serves the certificate it was given.
 *
 * @param served SHA-1 fingerprint of the leaf as the gateway reports it, upper-case hex, or null if
 *     never read
 * @param current whether that is the desired one
 */
public record CertificateState(
    @Nullable String served, boolean current, @Nullable PushError lastError, Instant since) {}
