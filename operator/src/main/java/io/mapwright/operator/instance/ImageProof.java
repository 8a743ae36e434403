package io.mapwright.operator.instance;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the pods of instances asked whether they serve, beside the passes: a pass reads what the last
 * round found, and one that ends starts a pass. An answer counts only for the very pods, paths and
 * image that were asked about.
 *
 * <p>An instance has one round at a time. What finds no place is asked for by the next pass, so
 * nothing queues; and no namespace takes all places.
 */
final class ImageProof {
  private static final Logger log = LoggerFactory.getLogger(ImageProof.class);

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

  private record Found(Question question, Optional<String> failure, long at) {}

  private final Round round;
  private final Consumer<ResourceID> onEnd;
  private final LongSupplier nanoTime;
  private final Map<ResourceID, Found> found = new ConcurrentHashMap<>();
  private final Map<ResourceID, Question> running = new ConcurrentHashMap<>();
  private final Map<String, Integer> ofNamespace = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(ROUNDS);

  /**
   * Makes one without rounds.
   *
   * @param onEnd told of each instance whose round ended, on a thread of the round
   */
  ImageProof(Round round, Consumer<ResourceID> onEnd, LongSupplier nanoTime) {
    this.round = round;
    this.onEnd = onEnd;
    this.nanoTime = nanoTime;
  }

  /** Returns why this is not proven; empty once it is. Does not wait. */
  Optional<String> failure(ResourceID instance, Question question) {
    if (question.paths().isEmpty()) {
      return Optional.empty();
    }
    if (question.addresses().isEmpty()) {
      return Optional.of("no pod to ask");
    }
    var last = Optional.ofNullable(found.get(instance)).filter(f -> f.question().equals(question));
    if (last.isEmpty() || (last.get().failure().isPresent() && stale(last.get()))) {
      begin(instance, question);
    }
    return last.map(Found::failure).orElse(Optional.of("the paths have not been asked yet"));
  }

  /** Nothing is to be proven of it any longer. */
  void forget(ResourceID instance) {
    found.remove(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return found.size() + running.size() + ofNamespace.size();
  }

  private boolean stale(Found last) {
    return nanoTime.getAsLong() - last.at() >= PAUSE.toNanos();
  }

  private void begin(ResourceID instance, Question question) {
    if (running.putIfAbsent(instance, question) != null) {
      return;
    }
    if (!takePlace(instance)) {
      running.remove(instance);
      return;
    }
    Thread.ofVirtual().name("image-proof").start(() -> run(instance, question));
  }

  private void run(ResourceID instance, Question question) {
    try {
      var failure = round.failure(question.addresses(), question.paths());
      found.put(instance, new Found(question, failure, nanoTime.getAsLong()));
    } catch (RuntimeException e) {
      log.error("{}: the map's paths could not be asked", instance, e);
    } finally {
      leavePlace(instance);
      running.remove(instance);
      onEnd.accept(instance);
    }
  }

  private boolean takePlace(ResourceID instance) {
    if (!places.tryAcquire()) {
      return false;
    }
    if (ofNamespace.merge(namespace(instance), 1, Integer::sum) > ROUNDS_OF_A_NAMESPACE) {
      leavePlace(instance);
      return false;
    }
    return true;
  }

  private void leavePlace(ResourceID instance) {
    var _ = ofNamespace.computeIfPresent(namespace(instance), (_, n) -> n == 1 ? null : n - 1);
    places.release();
  }

  private static String namespace(ResourceID instance) {
    return instance.getNamespace().orElse("");
  }
}
