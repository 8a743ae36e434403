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
 * Asks the pods of instances in the background whether they serve. An answer is valid only for
 * exactly these pods, paths and image.
 */
final class ImageProof {
  static final int QUERIES = 64;
  static final int QUERIES_PER_NAMESPACE = 8;

  /** Slightly less than the interval at which an update checks again. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Asks, and waits for the answer. */
  interface Query {
    Optional<String> failure(List<String> addresses, List<String> paths);
  }

  private final BackgroundLookup<ProofQuestion, Optional<String>> lookup;

  /**
   * Creates one without queries.
   *
   * @param onEnd called for each instance whose query ended, on its thread
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

  /**
   * Asks a question until the answer is a proof; without a question, stops asking. Does not wait.
   */
  void follow(NamespacedName instance, Optional<ProofQuestion> question) {
    question.ifPresentOrElse(
        asked -> lookup.ask(instance, asked, Optional::isEmpty, PAUSE), () -> forget(instance));
  }

  /** Nothing has to be proven for it any longer. */
  void forget(NamespacedName instance) {
    lookup.forget(instance);
  }

  /** Number of entries that are kept in memory. */
  int size() {
    return lookup.size();
  }
}
