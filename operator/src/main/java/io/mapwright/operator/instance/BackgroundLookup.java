package io.mapwright.operator.instance;

import io.mapwright.operator.facts.Answered;
import io.mapwright.operator.model.NamespacedName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds something out about instances beside the passes: a pass reads what the last round found,
 * and a round that ends starts a pass. An answer counts only for the very question.
 *
 * <p>An instance has one round at a time. What finds no place is asked for by the next pass, so
 * nothing queues; and no namespace takes all places.
 *
 * @param <Q> question, compared by equals
 * @param <A> answer
 */
final class BackgroundLookup<Q, A> {
  private static final Logger log = LoggerFactory.getLogger(BackgroundLookup.class);

  private record Found<Q, A>(Answered<Q, A> known, long at) {}

  private final String name;
  private final BiFunction<NamespacedName, Q, A> query;
  private final Consumer<NamespacedName> onEnd;
  private final LongSupplier nanoTime;
  private final Map<NamespacedName, Found<Q, A>> found = new ConcurrentHashMap<>();
  private final Map<NamespacedName, Q> running = new ConcurrentHashMap<>();
  private final Map<String, Integer> usedByNamespace = new ConcurrentHashMap<>();
  private final Semaphore slots;
  private final int slotsPerNamespace;

  /**
   * Makes one without rounds.
   *
   * @param query asks and waits for the answer; must end by itself
   * @param onEnd told of each instance whose round ended, on a thread of the round
   */
  BackgroundLookup(
      String name,
      int slots,
      int slotsPerNamespace,
      BiFunction<NamespacedName, Q, A> query,
      Consumer<NamespacedName> onEnd,
      LongSupplier nanoTime) {
    this.name = name;
    this.slots = new Semaphore(slots);
    this.slotsPerNamespace = slotsPerNamespace;
    this.query = query;
    this.onEnd = onEnd;
    this.nanoTime = nanoTime;
  }

  /** Returns what was found out last of an instance; empty if nothing was. */
  Optional<Answered<Q, A>> last(NamespacedName instance) {
    return Optional.ofNullable(found.get(instance)).map(Found::known);
  }

  /**
   * Begins a round, unless the last one answers the question well enough. Does not wait.
   *
   * @param settled whether an answer is not asked for again
   * @param pause how long any other is good for
   */
  void ask(NamespacedName instance, Q question, Predicate<A> settled, Duration pause) {
    var last =
        Optional.ofNullable(found.get(instance)).filter(f -> f.known().question().equals(question));
    if (last.filter(f -> settled.test(f.known().answer()) || fresh(f, pause)).isEmpty()) {
      start(instance, question);
    }
  }

  void forget(NamespacedName instance) {
    found.remove(instance);
  }

  /** How many instances something is remembered of. */
  int size() {
    return found.size() + running.size() + usedByNamespace.size();
  }

  private boolean fresh(Found<Q, A> last, Duration pause) {
    return nanoTime.getAsLong() - last.at() < pause.toNanos();
  }

  private void start(NamespacedName instance, Q question) {
    if (running.putIfAbsent(instance, question) != null) {
      return;
    }
    if (!acquireSlot(instance)) {
      running.remove(instance);
      return;
    }
    Thread.ofVirtual().name(name).start(() -> run(instance, question));
  }

  private void run(NamespacedName instance, Q question) {
    try {
      var answer = query.apply(instance, question);
      found.put(instance, new Found<>(new Answered<>(question, answer), nanoTime.getAsLong()));
    } catch (RuntimeException e) {
      log.error("{}: a round of {} failed", instance, name, e);
    } finally {
      releaseSlot(instance);
      running.remove(instance);
      onEnd.accept(instance);
    }
  }

  private boolean acquireSlot(NamespacedName instance) {
    if (!slots.tryAcquire()) {
      return false;
    }
    if (usedByNamespace.merge(namespace(instance), 1, Integer::sum) > slotsPerNamespace) {
      releaseSlot(instance);
      return false;
    }
    return true;
  }

  private void releaseSlot(NamespacedName instance) {
    var _ = usedByNamespace.computeIfPresent(namespace(instance), (_, n) -> n == 1 ? null : n - 1);
    slots.release();
  }

  private static String namespace(NamespacedName instance) {
    return instance.namespace();
  }
}
