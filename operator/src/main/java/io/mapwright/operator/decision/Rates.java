package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.RATE_BURST;
import static io.mapwright.operator.gateway.GatewayProblem.RATE_CLIENT;
import static io.mapwright.operator.gateway.GatewayProblem.RATE_SUSTAINED;

import io.mapwright.operator.gateway.GatewayProblem;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.Limits;
import io.mapwright.operator.gateway.Scope;
import java.util.Optional;

/** Whether there is room for one more. Only admitted requests count. */
final class Rates {
  private Rates() {}

  static Optional<GatewayProblem> problem(
      Optional<KeyEntry> key, Scope scope, Usage before, Limits limits) {
    var limit = key.map(KeyEntry::rateLimit).orElse(limits.anonymous());
    var after = before.plus(limits.cost(scope));
    if (after.second() > limit.burst()) {
      return Optional.of(RATE_BURST);
    }
    if (after.tenSeconds() > 10L * limit.requestsPerSecond()) {
      return Optional.of(RATE_SUSTAINED);
    }
    long ofClient = 10L * limit.perClientRequestsPerSecond();
    boolean shared = key.isPresent() && ofClient > 0;
    return shared && after.clientTenSeconds() > ofClient
        ? Optional.of(RATE_CLIENT)
        : Optional.empty();
  }
}
