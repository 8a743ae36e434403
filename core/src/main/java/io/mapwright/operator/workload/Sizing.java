package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.mapwright.operator.api.v1alpha1.Resources;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CPU and memory of containers. No CPU limit by default: throttling hurts tail latency most. */
public final class Sizing {
  private Sizing() {}

  public static ResourceRequirements of(
      @Nullable Resources chosen, String cpu, String memory, String memoryLimit) {
    if (chosen != null) {
      return new ResourceRequirementsBuilder()
          .withRequests(chosen.requests())
          .withLimits(chosen.limits())
          .build();
    }
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)))
        .withLimits(Map.of("memory", new Quantity(memoryLimit)))
        .build();
  }
}
