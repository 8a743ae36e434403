package io.mapwright.operator.instance;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.cause.EventMessage;
import io.mapwright.operator.cause.Evidence;
import io.mapwright.operator.cause.Subject;
import io.mapwright.operator.facts.Diagnosis;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Finds out why a map server does not run: from its pods, and where they say too little from the
 * Events of one object, which are read beside the passes. While it runs nothing is read.
 */
final class CauseFinder {
  private static final int ROUNDS = 8;
  private static final int ROUNDS_OF_A_NAMESPACE = 2;

  /** Reads what Events say of an object, within bounds. */
  interface Reader {
    Optional<EventMessage> newest(String namespace, String kind, String name);
  }

  private record Question(String kind, String name) {}

  private final BackgroundLookup<Question, Optional<EventMessage>> inquiry;

  /**
   * Makes one without rounds.
   *
   * @param onEnd told of each instance whose Events were read, on a thread of the round
   */
  CauseFinder(Reader reader, Consumer<ResourceID> onEnd, LongSupplier nanoTime) {
    inquiry =
        new BackgroundLookup<>(
            "events",
            ROUNDS,
            ROUNDS_OF_A_NAMESPACE,
            (id, question) ->
                reader.newest(id.getNamespace().orElse(""), question.kind(), question.name()),
            onEnd,
            nanoTime);
  }

  /** Does not wait: what is asked for now is known in a later pass. */
  Diagnosis of(ResourceID instance, Evidence evidence) {
    var subject = evidence.subject();
    if (subject.isEmpty()) {
      forget(instance);
      return new Diagnosis(evidence.cause(Optional.empty()), Optional.empty());
    }
    var told = subject.filter(Subject::due).flatMap(due -> ask(instance, due));
    return new Diagnosis(evidence.cause(told), subject.map(Subject::pause));
  }

  private Optional<EventMessage> ask(ResourceID instance, Subject subject) {
    return inquiry
        .latest(instance, new Question(subject.kind(), subject.name()), _ -> false, subject.pause())
        .flatMap(told -> told);
  }

  void forget(ResourceID instance) {
    inquiry.forget(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return inquiry.size();
  }
}
