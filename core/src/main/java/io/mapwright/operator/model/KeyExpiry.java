package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** When a key expires according to its spec. */
public final class KeyExpiry {
  private KeyExpiry() {}

  /** Returns the expiry; an invalid date counts as expired. */
  public static Optional<Instant> of(ApiKey key) {
    var spec = key.getSpec();
    if (spec.expiresAt() != null) {
      try {
        return Optional.of(OffsetDateTime.parse(spec.expiresAt()).toInstant());
      } catch (DateTimeException e) {
        return Optional.of(Instant.EPOCH);
      }
    }
    return Optional.ofNullable(spec.ttl())
        .map(ttl ->
            Instant.parse(key.getMetadata().getCreationTimestamp()).plus(Durations.parse(ttl)));
  }
}
