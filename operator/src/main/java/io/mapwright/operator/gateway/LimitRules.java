package io.mapwright.operator.gateway;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rates. Only admitted requests count: counting refused ones as well would starve a client that
 * keeps trying. HAProxy 2.6 can only count by one, so a request that costs five is counted by five
 * lines.
 */
final class LimitRules {
  private LimitRules() {}

  static String render(GatewaySettings settings) {
    return new Template(TEXT)
        .with("costs", costs(settings.limits()))
        .with("anonymous", anonymous(settings))
        .with("counted", LimitTables.counted(settings))
        .with("keyTable", LimitTables.ownKeyTable(settings))
        .with("verdict", settings.limits().dryRun() ? "txn.would" : "txn.rule")
        .with("extra", extra(settings.limits()))
        .done();
  }

  private static String costs(Limits limits) {
    return limits.scopeCosts().entrySet().stream()
        .filter(cost -> cost.getValue() > 1)
        .map(cost ->
            "    http-request set-var(txn.cost) int(%d) if { var(txn.scope) -m str %s }\n"
                .formatted(cost.getValue(), cost.getKey().word()))
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

  private static String extra(Limits limits) {
    int dearest = limits.scopeCosts().values().stream().mapToInt(cost -> cost).max().orElse(1);
    return IntStream.rangeClosed(2, dearest)
        .mapToObj(n ->
            """
                http-request sc-inc-gpc0(1) if { var(txn.cost) -m int ge %1$d }
                http-request sc-inc-gpc1(1) if { var(txn.cost) -m int ge %1$d }
                http-request sc-inc-gpc1(2) if client_limited { var(txn.cost) -m int ge %1$d }
            """
                .formatted(n))
        .collect(Collectors.joining());
  }

  private static final String TEXT =
      """

          # --- limits
          acl client_limited var(txn.per_client) -m int gt 0
          http-request set-var(txn.cost) int(1)
      {{costs}}\
          http-request set-var(txn.burst) var(txn.entry),field(4,|)
          http-request set-var(txn.sustained) var(txn.entry),field(5,|)
          http-request set-var(txn.per_client) var(txn.entry),field(6,|)
          http-request track-sc1 var(txn.kid) table {{keyTable}} if key_known
      {{anonymous}}\
          http-request set-var(txn.client) src,ipmask(32,64),concat(|,txn.kid) if client_limited
      {{counted}}\
          # Said as "unless within": a count that is missing refuses.
          http-request set-var({{verdict}}) str(rate-client) if client_limited !{ var(txn.client),table_gpc1_rate(clients),add(txn.cost),sub(txn.per_client) le 0 }
          http-request set-var({{verdict}}) str(rate-sustained) unless { var(txn.ten),add(txn.cost),sub(txn.sustained) le 0 }
          http-request set-var({{verdict}}) str(rate-burst) unless { var(txn.one),add(txn.cost),sub(txn.burst) le 0 }
          http-request set-var(txn.used) var(txn.ten)
          http-request allow if { var(txn.rule) -m found }
          http-request set-var(txn.used) var(txn.ten),add(txn.cost)
          http-request track-sc2 var(txn.client) table clients if client_limited
          http-request sc-inc-gpc0(1)
          http-request sc-inc-gpc1(1)
          http-request sc-inc-gpc1(2) if client_limited
      {{extra}}\
          # When the key was last used, for its owner.
          http-request sc-set-gpt0(1) date
          # A body that trickles in is cut before it occupies the server.
          http-request wait-for-body time 5s if { method POST }
      """;
}
