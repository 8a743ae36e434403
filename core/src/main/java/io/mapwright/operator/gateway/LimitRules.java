package io.mapwright.operator.gateway;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rates. Only admitted requests count: counting refused ones as well would starve a client that
 * keeps trying. HAProxy 2.6 can only count by one, so a request that costs five is counted by five
 * lines: one in what all backends have in common, the others first in the backend of its scope.
 * Nothing waits before the last of them, or all waiting requests would be checked against the count
 * before them.
 */
final class LimitRules {
  private LimitRules() {}

  static String render(GatewaySettings settings) {
    return new Template(TEXT)
        .with("costs", costs(settings.limits()))
        .with("anonymous", anonymous(settings))
        .with("shares", shares())
        .with("verdict", settings.limits().dryRun() ? "txn.would" : "txn.rule")
        .done();
  }

  private static String costs(Limits limits) {
    return limits.scopeCosts().entrySet().stream()
        .filter(cost -> cost.getValue() > 1)
        .map(cost ->
            "    http-request set-var(txn.cost) int(%d) if { var(txn.scope) -m str %s }\n"
                .formatted(cost.getValue(), cost.getKey().text()))
        .collect(Collectors.joining());
  }

  private static String anonymous(GatewaySettings settings) {
    if (settings.anonymousScopes().isEmpty()) {
      return "";
    }
    var limit = settings.limits().anonymous();
    return """
        http-request track-sc1 src,ipmask(32,64) table anonymous unless key_known
        http-request set-var(txn.burst) int(%d) unless key_known
        http-request set-var(txn.sustained) int(%d) unless key_known
    """
        .formatted(limit.burst(), 10L * limit.requestsPerSecond());
  }

  /**
   * Each of several replicas enforces its share of a limit. A share that is less than the request
   * costs lets in one at a time.
   */
  private static String shares() {
    return "    acl shared var(txn.replicas) -m int gt 1\n"
        + Stream.of("burst", "sustained", "per_client")
            .map(limit ->
                """
                    http-request set-var(txn.%1$s) var(txn.cost) if shared { var(txn.%1$s),div(txn.replicas),sub(txn.cost) lt 0 } { var(txn.%1$s),sub(txn.cost) ge 0 }
                    http-request set-var(txn.%1$s) var(txn.%1$s),div(txn.replicas) if shared { var(txn.%1$s),div(txn.replicas),sub(txn.cost) ge 0 }
                """
                    .formatted(limit))
            .collect(Collectors.joining());
  }

  /** Counts one of an admitted request's cost, in its backend. */
  static final String COUNT =
      """
          http-request sc-inc-gpc0(1)
          http-request sc-inc-gpc1(1)
          http-request sc-inc-gpc1(2) if { var(txn.per_client) -m int gt 0 }
      """;

  /** What a request of this scope counts beyond the first, and then its body, for its backend. */
  static String rest(int cost) {
    return COUNT.repeat(cost - 1)
        + """
            # A body that trickles in is cut before it occupies the server.
            http-request wait-for-body time 5s if { method POST }
        """;
  }

  private static final String TEXT =
      """

          # --- limits
          acl client_limited var(txn.per_client) -m int gt 0
          http-request set-var(txn.cost) int(1)
      {{costs}}\
          http-request set-var(txn.counter) var(txn.entry),field(9,|)
          http-request set-var(txn.burst) var(txn.entry),field(4,|)
          http-request set-var(txn.sustained) var(txn.entry),field(5,|)
          http-request set-var(txn.per_client) var(txn.entry),field(6,|)
          http-request track-sc1 var(txn.counter) table keys if key_known
      {{anonymous}}\
          # A client gets no more than all clients together, and what costs more than a burst goes one at a time.
          http-request set-var(txn.per_client) var(txn.sustained) if client_limited { var(txn.per_client),sub(txn.sustained) gt 0 }
          http-request set-var(txn.burst) var(txn.cost) if { var(txn.burst),sub(txn.cost) lt 0 }
      {{shares}}\
          http-request set-var(txn.client) src,ipmask(32,64),concat(|,txn.counter) if client_limited
          # Said as "unless within": a count that is missing refuses. What takes longest to pass speaks last.
          http-request set-var({{verdict}}) str(rate-burst) unless { sc1_gpc0_rate,add(txn.cost),sub(txn.burst) le 0 }
          http-request set-var(txn.used) sc1_gpc1_rate,add(txn.cost)
          http-request set-var({{verdict}}) str(rate-sustained) unless { var(txn.used),sub(txn.sustained) le 0 }
          http-request set-var({{verdict}}) str(rate-client) if client_limited !{ var(txn.client),table_gpc1_rate(clients),add(txn.cost),sub(txn.per_client) le 0 }
          # Of a period that is over, HAProxy forgets a part as the next one goes by: room for a request comes within a period and its part of one.
          http-request set-var(txn.retry) int(2) if { var(txn.rule) -m str rate-burst }
          http-request set-var(txn.retry) var(txn.cost),mul(10),sub(1),div(txn.sustained),add(11) if { var(txn.rule) -m str rate-sustained }
          http-request set-var(txn.retry) var(txn.cost),mul(10),sub(1),div(txn.per_client),add(11) if { var(txn.rule) -m str rate-client }
          http-request allow if { var(txn.rule) -m found }
          http-request track-sc2 var(txn.client) table clients if client_limited
      """;
}
