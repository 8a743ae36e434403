package io.mapwright.operator.gateway;

import java.util.stream.Collectors;

/**
 * Rates. Only admitted requests count: counting refused ones as well would starve a client that
 * keeps trying. HAProxy 2.6 can only count by one, so a request that costs five is counted by five
 * lines: one in what all backends have in common, the others first in the backend of its scope.
 * Nothing waits before the last of them, or all waiting requests would be checked against the count
 * before them.
 */
final class LimitRules {
  private LimitRules() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var verdict = settings.limits().dryRun() ? "txn.would" : "txn.rule";
    return new Template(TEXT)
        .with("costs", costs(settings.limits()))
        .with("anonymous", anonymous(settings))
        .with("shares", shares("shared", paths))
        .with("verdicts", verdicts("", verdict))
        .with("verdict", verdict)
        .with("borrowAnonymous", settings.anonymousScopes().isEmpty() ? "" : BORROW_ANONYMOUS)
        .with("sharesAgain", shares("borrowed", paths))
        .with("verdictsAgain", verdicts("borrowed ", verdict))
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
        http-request set-var(txn.counter) src,ipmask(32,64) unless key_known
        http-request track-sc1 var(txn.counter) table anonymous unless key_known
        http-request set-var(txn.burst) int(%d) unless key_known
        http-request set-var(txn.sustained) int(%d) unless key_known
    """
        .formatted(limit.burst(), 10L * limit.requestsPerSecond());
  }

  /**
   * What this gateway may admit: of the key, and of its client. A share that is less than the
   * request costs lets in one at a time.
   */
  private static String shares(String when, GatewayPaths paths) {
    var map = paths.map(GatewayMap.SHARES);
    return part(when, "counter", map)
        + share(when, "burst")
        + share(when, "sustained")
        + part(when + " by_client", "client", map)
        + share(when + " by_client", "per_client");
  }

  private static String part(String when, String key, String map) {
    return new Template(PART).with("when", when).with("key", key).with("shares", map).done();
  }

  private static String share(String when, String limit) {
    return new Template(SHARE).with("when", when).with("limit", limit).done();
  }

  private static String verdicts(String when, String verdict) {
    return new Template(VERDICTS).with("when", when).with("verdict", verdict).done();
  }

  private static final String PART =
      """
          http-request set-var(txn.part) int(1000) if {{when}}
          http-request set-var(txn.loans) var(txn.{{key}}),map_str({{shares}},none) if {{when}}
          http-request set-var(txn.part) var(txn.loans),field(1,|) if {{when}} loans
          # It is told anew while it holds: an old one means that nobody keeps the loans any more.
          http-request set-var(txn.until) var(txn.loans),field(2,|) if {{when}} loans
          http-request set-var(txn.part) int(0) if {{when}} loans !loans_kept
      """;

  private static final String SHARE =
      """
          http-request set-var(txn.{{limit}}) var(txn.whole_{{limit}}),mul(txn.part),div(txn.parts) if {{when}}
          http-request set-var(txn.{{limit}}) var(txn.cost) if {{when}} { var(txn.{{limit}}),sub(txn.cost) lt 0 }
      """;

  private static final String VERDICTS =
      """
          http-request set-var({{verdict}}) str(rate-burst) if {{when}}!{ sc1_gpc0_rate,add(txn.cost),sub(txn.burst) le 0 }
          http-request set-var({{verdict}}) str(rate-sustained) if {{when}}!{ var(txn.used),sub(txn.sustained) le 0 }
          http-request set-var({{verdict}}) str(rate-client) if {{when}}by_client !{ var(txn.client),table_gpc1_rate(clients),add(txn.cost),sub(txn.per_client) le 0 }
      """;

  private static final String BORROW_ANONYMOUS =
      "    http-request lua.borrow anonymous if shared short !key_known\n";

  /** Counts one of an admitted request's cost, in its backend. */
  static final String COUNT =
      """
          http-request sc-inc-gpc0(1)
          http-request sc-inc-gpc1(1)
          http-request sc-inc-gpc1(2) if { var(txn.client) -m found }
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
          http-request set-var(txn.client) src,ipmask(32,64),concat(|,txn.counter) if client_limited
          # From here on by this: a part of a client's limit may be less than one request.
          acl by_client var(txn.client) -m found
          # Several gateways have parts of each limit, in thousandths of an equal part; lending.lua moves them.
          acl shared var(txn.replicas) -m int gt 1
          acl loans var(txn.loans) -m sub |
          acl loans_kept date,sub(txn.until) le 0
          http-request set-var(txn.parts) int(1000),mul(txn.replicas) if shared
          http-request set-var(txn.whole_burst) var(txn.burst) if shared
          http-request set-var(txn.whole_sustained) var(txn.sustained) if shared
          http-request set-var(txn.whole_per_client) var(txn.per_client) if shared by_client
      {{shares}}\
          # Said as "unless within": a count that is missing refuses. What takes longest to pass speaks last.
          http-request set-var(txn.used) sc1_gpc1_rate,add(txn.cost)
      {{verdicts}}\
          # The others may have room: they are asked, and it is counted again. Nothing waits from here on.
          acl short var({{verdict}}) -m beg rate-
          acl borrowed var(txn.borrowed) -m found
          http-request lua.borrow clients if shared short by_client
          http-request lua.borrow keys if shared short key_known
      {{borrowAnonymous}}\
          http-request unset-var({{verdict}}) if borrowed
      {{sharesAgain}}\
          http-request set-var(txn.used) sc1_gpc1_rate,add(txn.cost) if borrowed
      {{verdictsAgain}}\
          # Of a period that is over, HAProxy forgets a part as the next one goes by: room for a request comes within a period and its part of one.
          http-request set-var(txn.retry) int(2) if { var(txn.rule) -m str rate-burst }
          http-request set-var(txn.retry) var(txn.cost),mul(10),sub(1),div(txn.sustained),add(11) if { var(txn.rule) -m str rate-sustained }
          http-request set-var(txn.retry) var(txn.cost),mul(10),sub(1),div(txn.per_client),add(11) if { var(txn.rule) -m str rate-client }
          http-request allow if { var(txn.rule) -m found }
          http-request track-sc2 var(txn.client) table clients if by_client
      """;
}
