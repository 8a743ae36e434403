package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.RATE_BURST;
import static io.mapwright.operator.gateway.GatewayProblem.RATE_CLIENT;
import static io.mapwright.operator.gateway.GatewayProblem.RATE_SUSTAINED;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.GatewayProblem;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.Limits;
import java.util.Optional;

/**
 * Whether one more request is within the limits. Only admitted requests count; the limit with the
 * longest wait is reported first.
 */
final class Rates {
  private Rates() {}

  static Optional<GatewayProblem> problem(
      Optional<KeyEntry> key, Scope scope, Usage before, Limits limits) {
    var limit = key.map(KeyEntry::rateLimit).orElse(limits.anonymous());
    int cost = limits.cost(scope);
    var after = before.plus(cost);
    long tenSeconds = 10L * limit.requestsPerSecond();
    long ofClient = Math.min(tenSeconds, 10L * limit.perClientRequestsPerSecond());
    if (key.isPresent() && ofClient > 0 && after.clientTenSeconds() > ofClient) {
      return Optional.of(RATE_CLIENT);
    }
    if (after.tenSeconds() > tenSeconds) {
      return Optional.of(RATE_SUSTAINED);
    }
    // What costs more than a burst goes one at a time.
    return after.second() > Math.max(limit.burst(), cost)
        ? Optional.of(RATE_BURST)
        : Optional.empty();
  }
}
