package io.mapwright.operator.instance;

import io.mapwright.operator.facts.Answered;
import io.mapwright.operator.facts.ProofQuestion;
import io.mapwright.operator.model.NamespacedName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Has the pods of instances asked whether they serve, beside the passes. An answer counts only for
 * the very pods, paths and image that were asked about.
 */
final class ImageProof {
  static final int QUERIES = 64;
  static final int QUERIES_PER_NAMESPACE = 8;

  /** A little less than the time after which an update checks again. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Asks, and waits for the answer. */
  interface Query {
    Optional<String> failure(List<String> addresses, List<String> paths);
  }

  private final BackgroundLookup<ProofQuestion, Optional<String>> lookup;

  /**
   * Makes one without rounds.
   *
   * @param onEnd told of each instance whose round ended, on a thread of the round
   */
  ImageProof(Query query, Consumer<NamespacedName> onEnd, LongSupplier nanoTime) {
    lookup =
        new BackgroundLookup<>(
            "image-proof",
            QUERIES,
            QUERIES_PER_NAMESPACE,
            (_, question) -> query.failure(question.addresses(), question.paths()),
            onEnd,
            nanoTime);
  }

  /** The last answer; an empty one is a proof. */
  Optional<Answered<ProofQuestion, Optional<String>>> last(NamespacedName instance) {
    return lookup.last(instance);
  }

  /** Has a question asked until it is answered well; none ends the asking. Does not wait. */
  void follow(NamespacedName instance, Optional<ProofQuestion> question) {
    question.ifPresentOrElse(
        asked -> lookup.ask(instance, asked, Optional::isEmpty, PAUSE), () -> forget(instance));
  }

  /** Nothing is to be proven of it any longer. */
  void forget(NamespacedName instance) {
    lookup.forget(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return lookup.size();
  }
}
