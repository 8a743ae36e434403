package io.mapwright.operator.facts;

import io.mapwright.operator.cause.Cause;
import java.time.Duration;
import java.util.Optional;

/**
 * Why the map server does not run.
 *
 * @param cause empty if nothing is seen that tells
 * @param lookAgain when more may be known though nothing happens; empty if the next change tells
 */
public record Diagnosis(Optional<Cause> cause, Optional<Duration> lookAgain) {
  public static final Diagnosis NONE = new Diagnosis(Optional.empty(), Optional.empty());
}
