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
 * Finds out why a map server does not run: from its pods, and if they do not explain it, from the
 * Events of one object, which are read in the background. Nothing is read while it runs.
 */
final class CauseFinder {
  private static final int QUERIES = 8;
  private static final int QUERIES_PER_NAMESPACE = 2;

  /** Reads the Events of an object, within bounds. */
  interface Reader {
    Optional<EventMessage> newest(String namespace, String kind, String name);
  }

  private final BackgroundLookup<EventQuestion, Optional<EventMessage>> lookup;

  /**
   * Creates one without queries.
   *
   * @param onEnd called for each instance whose Events were read, on the thread of the query
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

  /** The Event that was read last. */
  Optional<Answered<EventQuestion, Optional<EventMessage>>> last(NamespacedName instance) {
    return lookup.last(instance);
  }

  /**
   * Reads an object's Events when due; without an object, forgets the last answer. Does not wait.
   */
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

  /** Number of entries that are kept in memory. */
  int size() {
    return lookup.size();
  }
}
