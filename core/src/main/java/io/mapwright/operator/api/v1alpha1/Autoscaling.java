package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Horizontal scaling by CPU use. */
@ValidationRule(
    value = "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
    message = "autoscaling: minReplicas must not exceed maxReplicas")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Autoscaling(
    @JsonPropertyDescription("Fewest replicas. Default: " + Defaults.MIN_REPLICAS + ".")
        @Min(1)
        @Max(100)
        @Nullable Integer minReplicas,
    @JsonPropertyDescription("Most replicas.") @Min(1) @Max(100) @Required Integer maxReplicas,
    @JsonPropertyDescription(
            "Average CPU use to aim for, in percent of the request. Default: "
                + Defaults.CPU_UTILIZATION
                + ".")
        @Min(1)
        @Max(100)
        @Nullable Integer targetCpuUtilization) {}
