package io.mapwright.operator.facts;

import io.mapwright.operator.cause.Cause;
import io.mapwright.operator.cause.EventMessage;
import io.mapwright.operator.cause.Evidence;
import io.mapwright.operator.cause.Subject;
import java.time.Duration;
import java.util.Optional;

/**
 * Why the map server does not run.
 *
 * @param cause empty if nothing observed explains it
 * @param recheckAfter how soon to check again without an event; empty if the next event suffices
 */
public record Diagnosis(Optional<Cause> cause, Optional<Duration> recheckAfter) {
  public static final Diagnosis NONE = new Diagnosis(Optional.empty(), Optional.empty());

  /**
   * Evaluates the evidence.
   *
   * @param evidence empty while no server should run
   * @param events the Events that were read last
   */
  public static Diagnosis of(
      Optional<Evidence> evidence,
      Optional<Answered<EventQuestion, Optional<EventMessage>>> events) {
    var subject = evidence.flatMap(Evidence::subject);
    var message =
        subject
            .filter(Subject::due)
            .map(due -> new EventQuestion(due.kind(), due.name()))
            .flatMap(question -> Answered.to(question, events))
            .flatMap(answer -> answer);
    return new Diagnosis(
        evidence.flatMap(known -> known.cause(message)), subject.map(Subject::pause));
  }
}
