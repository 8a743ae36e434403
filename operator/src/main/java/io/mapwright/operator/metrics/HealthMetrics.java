package io.mapwright.operator.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What goes wrong inside the operator, and goes on all the same. */
public final class HealthMetrics {
  private final MeterRegistry registry;

  public HealthMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How many sources of events are out of order. */
  public void sources(Supplier<List<String>> unhealthy) {
    Gauge.builder("mapwright.event.sources.unhealthy", () -> unhealthy.get().size())
        .description("Kinds of objects of which no events come at the moment")
        .register(registry);
  }

  /** How many namespaces are to be served and can not be. */
  public void unserved(Supplier<List<String>> namespaces) {
    Gauge.builder("mapwright.namespaces.unserved", () -> namespaces.get().size())
        .description("Namespaces to serve in which the operator may not list its kinds")
        .register(registry);
  }

  /** How often a task that recurs has thrown. */
  public <T> void task(String name, T task, ToDoubleFunction<T> failures) {
    FunctionCounter.builder("mapwright.task.failures", task, failures)
        .description("How often a recurring task failed and was left for its next time")
        .tag("task", name)
        .register(registry);
  }
}
