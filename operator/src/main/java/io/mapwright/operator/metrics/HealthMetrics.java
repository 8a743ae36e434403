package io.mapwright.operator.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What fails inside the operator while it keeps running. */
public final class HealthMetrics {
  private final MeterRegistry registry;

  public HealthMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How many sources of events are unhealthy. */
  public void sources(Supplier<List<String>> unhealthy) {
    Gauge.builder("mapwright.event.sources.unhealthy", () -> unhealthy.get().size())
        .description("Kinds of objects that currently deliver no watch events")
        .register(registry);
  }

  /** How many namespaces should be served and cannot be. */
  public void unserved(Supplier<List<String>> namespaces) {
    Gauge.builder("mapwright.namespaces.unserved", () -> namespaces.get().size())
        .description(
            "Namespaces that should be served but in which the operator may not list its kinds")
        .register(registry);
  }

  /** How often a task that recurs has thrown. */
  public <T> void task(String name, T task, ToDoubleFunction<T> failures) {
    FunctionCounter.builder("mapwright.task.failures", task, failures)
        .description("Failures of periodic tasks, each retried at its next run")
        .tag("task", name)
        .register(registry);
  }
}
