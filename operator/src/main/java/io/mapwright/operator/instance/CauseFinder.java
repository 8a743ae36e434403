package io.mapwright.operator.instance;

import io.mapwright.operator.cause.EventMessage;
import io.mapwright.operator.cause.Subject;
import io.mapwright.operator.facts.Answered;
import io.mapwright.operator.facts.EventQuestion;
import io.mapwright.operator.model.NamespacedName;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Finds out why a map server does not run: from its pods, and where they say too little from the
 * Events of one object, which are read beside the passes. While it runs nothing is read.
 */
final class CauseFinder {
  private static final int QUERIES = 8;
  private static final int QUERIES_PER_NAMESPACE = 2;

  /** Reads what Events say of an object, within bounds. */
  interface Reader {
    Optional<EventMessage> newest(String namespace, String kind, String name);
  }

  private final BackgroundLookup<EventQuestion, Optional<EventMessage>> lookup;

  /**
   * Makes one without rounds.
   *
   * @param onEnd told of each instance whose Events were read, on a thread of the round
   */
  CauseFinder(Reader reader, Consumer<NamespacedName> onEnd, LongSupplier nanoTime) {
    lookup =
        new BackgroundLookup<>(
            "events",
            QUERIES,
            QUERIES_PER_NAMESPACE,
            (id, question) -> reader.newest(id.namespace(), question.kind(), question.name()),
            onEnd,
            nanoTime);
  }

  /** What the Events said that were read last. */
  Optional<Answered<EventQuestion, Optional<EventMessage>>> last(NamespacedName instance) {
    return lookup.last(instance);
  }

  /** Has an object's Events read when that is due; none ends the reading. Does not wait. */
  void follow(NamespacedName instance, Optional<Subject> subject) {
    subject
        .filter(Subject::due)
        .ifPresent(due ->
            lookup.ask(
                instance, new EventQuestion(due.kind(), due.name()), _ -> false, due.pause()));
    if (subject.isEmpty()) {
      forget(instance);
    }
  }

  void forget(NamespacedName instance) {
    lookup.forget(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return lookup.size();
  }
}
