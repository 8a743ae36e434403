package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Objects;
import java.util.Optional;

/** Scaling and evictions. */
public final class Scaling {
  private Scaling() {}

  public static PodDisruptionBudget disruptionBudget(InstanceInput in) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Owned.by(in, Names.server(in.name())).build())
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(Labels.pods(in.name(), Component.SERVER))
        .endSelector()
        .endSpec()
        .build();
  }

  public static HorizontalPodAutoscaler autoscaler(InstanceInput in) {
    var scaling = Objects.requireNonNull(in.server().autoscaling());
    return new HorizontalPodAutoscalerBuilder()
        .withMetadata(Owned.by(in, Names.server(in.name())).build())
        .withNewSpec()
        .withNewScaleTargetRef("apps/v1", "Deployment", Names.server(in.name()))
        .withMinReplicas(
            Optional.ofNullable(scaling.minReplicas())
                .orElse(Math.min(Defaults.MIN_REPLICAS, scaling.maxReplicas())))
        .withMaxReplicas(scaling.maxReplicas())
        .addNewMetric()
        .withType("Resource")
        .withNewResource()
        .withName("cpu")
        .withNewTarget()
        .withType("Utilization")
        .withAverageUtilization(
            Optional.ofNullable(scaling.targetCpuUtilization()).orElse(Defaults.CPU_UTILIZATION))
        .endTarget()
        .endResource()
        .endMetric()
        .endSpec()
        .build();
  }
}
