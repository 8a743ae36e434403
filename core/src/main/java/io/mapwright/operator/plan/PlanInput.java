package io.mapwright.operator.plan;

import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.workload.GatewayConfig;

/**
 * The input that the rows of a plan are rendered from.
 *
 * @param gateway the gateway's files, rendered once for all rows that need them
 */
public record PlanInput(InstanceInput in, GatewayConfig gateway) {
  public static PlanInput of(InstanceInput in) {
    return new PlanInput(in, GatewayConfig.of(in));
  }
}
