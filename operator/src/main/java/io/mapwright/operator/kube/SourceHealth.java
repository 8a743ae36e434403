package io.mapwright.operator.kube;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long event sources have been unhealthy. A restart only helps a source that was healthy before
 * in this process: one that could never be listed, for example without the permission, would not be
 * after a restart either.
 */
public final class SourceHealth {
  private final Supplier<Optional<Collection<String>>> unhealthy;
  private final LongSupplier nanoTime;
  private final Map<String, Long> since = new HashMap<>();
  private final Set<String> neverHealthy = new HashSet<>();
  private boolean initialized;

  /**
   * Creates one that has not checked yet.
   *
   * @param unhealthy supplies the unhealthy sources; empty until all were started
   */
  public SourceHealth(Supplier<Optional<Collection<String>>> unhealthy, LongSupplier nanoTime) {
    this.unhealthy = unhealthy;
    this.nanoTime = nanoTime;
  }

  /** To be called every few seconds. */
  public synchronized void check() {
    var current = unhealthy.get();
    if (current.isEmpty()) {
      return;
    }
    var names = Set.copyOf(current.get());
    if (!initialized) {
      neverHealthy.addAll(names);
      initialized = true;
    }
    neverHealthy.retainAll(names);
    since.keySet().retainAll(names);
    names.forEach(name -> since.putIfAbsent(name, nanoTime.getAsLong()));
  }

  /** What is unhealthy, sorted. */
  public synchronized List<String> now() {
    return since.keySet().stream().sorted().toList();
  }

  /** Sources that were healthy before and have been unhealthy for at least that long, sorted. */
  public synchronized List<String> lostFor(Duration time) {
    var now = nanoTime.getAsLong();
    return since.entrySet().stream()
        .filter(e -> !neverHealthy.contains(e.getKey()) && now - e.getValue() >= time.toNanos())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
