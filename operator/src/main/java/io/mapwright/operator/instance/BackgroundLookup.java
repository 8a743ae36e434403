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
 * Looks up something about instances in the background: a pass reads the result of the last query,
 * and a finished query triggers a pass. An answer is valid only for its exact question.
 *
 * <p>An instance has one query at a time. A query that gets no slot is requested again by the next
 * pass, so nothing queues; and no namespace takes all slots.
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
   * Creates one without queries.
   *
   * @param query asks and waits for the answer; must be bounded in time
   * @param onEnd called for each instance whose query ended, on its thread
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

  /** Returns the last answer for an instance, if any. */
  Optional<Answered<Q, A>> last(NamespacedName instance) {
    return Optional.ofNullable(found.get(instance)).map(Found::known);
  }

  /**
   * Starts a query, unless the last answer suffices. Does not wait.
   *
   * @param settled whether an answer is final
   * @param pause how long any other answer is valid
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

  /** Number of entries that are kept in memory. */
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
      log.error("{}: a query of {} failed", instance, name, e);
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
