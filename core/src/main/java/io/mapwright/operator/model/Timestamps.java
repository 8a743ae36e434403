package io.mapwright.operator.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Times as Kubernetes writes them (RFC 3339, UTC), where somebody else may have written them. */
public final class Timestamps {
  private Timestamps() {}

  /** Reads a time; empty if the text is none. */
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
