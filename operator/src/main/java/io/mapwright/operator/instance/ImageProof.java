package io.mapwright.operator.instance;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
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
  static final int ROUNDS = 64;
  static final int ROUNDS_OF_A_NAMESPACE = 8;

  /** A little less than the time after which an update looks again. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /**
   * What is to be proven.
   *
   * @param addresses of the pods, sorted
   */
  record Question(String image, List<String> addresses, List<String> paths) {}

  /** Asks, and waits for the answer. */
  interface Round {
    Optional<String> failure(List<String> addresses, List<String> paths);
  }

  private final BackgroundLookup<Question, Optional<String>> inquiry;

  /**
   * Makes one without rounds.
   *
   * @param onEnd told of each instance whose round ended, on a thread of the round
   */
  ImageProof(Round round, Consumer<ResourceID> onEnd, LongSupplier nanoTime) {
    inquiry =
        new BackgroundLookup<>(
            "image-proof",
            ROUNDS,
            ROUNDS_OF_A_NAMESPACE,
            (_, question) -> round.failure(question.addresses(), question.paths()),
            onEnd,
            nanoTime);
  }

  /** Returns why this is not proven; empty once it is. Does not wait. */
  Optional<String> failure(ResourceID instance, Question question) {
    if (question.paths().isEmpty()) {
      return Optional.empty();
    }
    if (question.addresses().isEmpty()) {
      return Optional.of("no pod to ask");
    }
    return inquiry
        .latest(instance, question, Optional::isEmpty, PAUSE)
        .orElse(Optional.of("the paths have not been asked yet"));
  }

  /** Nothing is to be proven of it any longer. */
  void forget(ResourceID instance) {
    inquiry.forget(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return inquiry.size();
  }
}
