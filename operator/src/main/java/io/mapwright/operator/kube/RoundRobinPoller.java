package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls many items in turn, one request each, at a bounded rate. A round takes at least a given
 * time, and longer with more items: the idle load does not grow with the cluster.
 */
final class RoundRobinPoller<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RoundRobinPoller.class);

  /** Ticks in the shortest round; each tick polls its share. */
  private static final int TICKS = 90;

  private final Pace pace;
  private final Supplier<? extends Collection<T>> all;
  private final Consumer<T> action;
  private final Deque<T> remaining = new ArrayDeque<>();
  private final Queue<T> added = new ConcurrentLinkedQueue<>();
  private final PeriodicTask task;
  private double due;
  private int size;

  /**
   * The speed of a round.
   *
   * @param shortest how long a round takes with few items
   * @param perSecond the maximum number of items per second
   */
  record Pace(Duration shortest, double perSecond) {
    /** How many of {@code size} items to poll in one tick. */
    double share(int size, int ticks) {
      var most = perSecond * shortest.toNanos() / TimeUnit.SECONDS.toNanos(1);
      return Math.min(size, most) / ticks;
    }
  }

  /**
   * Creates one that does not poll yet.
   *
   * @param all the items of the next round
   */
  RoundRobinPoller(
      String name, Pace pace, Supplier<? extends Collection<T>> all, Consumer<T> action) {
    this.pace = pace;
    this.all = all;
    this.action = action;
    task = new PeriodicTask(name, pace.shortest().dividedBy(TICKS), this::tick);
  }

  void start() {
    task.start();
  }

  PeriodicTask task() {
    return task;
  }

  /**
   * Takes a new item into the present round. If it waited for the next round, its first poll could
   * take two.
   */
  void add(T item) {
    added.add(item);
  }

  void tick() {
    if (remaining.isEmpty()) {
      added.clear();
      remaining.addAll(List.copyOf(all.get()));
      size = remaining.size();
    }
    for (var item = added.poll(); item != null; item = added.poll()) {
      remaining.addLast(item);
      size++;
    }
    due = Math.min(due + pace.share(size, TICKS), remaining.size());
    while (due >= 1) {
      due--;
      task.beat();
      visit(remaining.removeFirst());
    }
  }

  /** A failure for one item must not affect the others. */
  private void visit(T item) {
    try {
      action.accept(item);
    } catch (KubernetesClientException e) {
      log.warn("could not check {}: {}", item, e.getMessage());
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
