package io.mapwright.operator.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Times as Kubernetes writes them (RFC 3339, UTC), from untrusted fields. */
public final class Timestamps {
  private Timestamps() {}

  /** Parses a time; empty if it is invalid. */
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
