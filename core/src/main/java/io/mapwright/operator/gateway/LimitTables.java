package io.mapwright.operator.gateway;

import java.util.stream.Collectors;

/**
 * The counters. With peers each replica counts in a table of its own, which the others receive; the
 * sum of all is what a limit is compared with. One table written by all would lose counts:
 * replication sends totals, not additions.
 */
final class LimitTables {
  private static final String RATES = "expire 1d store gpt0,gpc0,gpc0_rate(1s),gpc1,gpc1_rate(10s)";

  private LimitTables() {}

  static String ownKeyTable(GatewaySettings settings) {
    // HAProxy sets this variable to its own peer name: one file serves every replica.
    return settings.peers().isEmpty() ? "keys" : "\"replicas/${HAPROXY_LOCALPEER}\"";
  }

  /** The sample that holds what was admitted in the last second. */
  static String inOneSecond(GatewaySettings settings) {
    return settings.peers().isEmpty() ? "sc1_gpc0_rate" : "var(txn.one)";
  }

  /** The sample that holds what was admitted in the last ten seconds. */
  static String inTenSeconds(GatewaySettings settings) {
    return settings.peers().isEmpty() ? "sc1_gpc1_rate" : "var(txn.ten)";
  }

  /** Lines that add up what the replicas admitted, where they count together. */
  static String counted(GatewaySettings settings) {
    if (settings.peers().isEmpty()) {
      return "";
    }
    return """
        http-request set-var(txn.one) int(0)
        http-request set-var(txn.ten) int(0)
    """
        + settings.peers().stream()
            .map(peer ->
                """
                    http-request set-var(txn.one) var(txn.counter),table_gpc0_rate(replicas/%1$s),add(txn.one) if key_known
                    http-request set-var(txn.ten) var(txn.counter),table_gpc1_rate(replicas/%1$s),add(txn.ten) if key_known
                """
                    .formatted(peer.name()))
            .collect(Collectors.joining())
        + (settings.anonymousScopes().isEmpty()
            ? ""
            : """
                http-request set-var(txn.one) sc1_gpc0_rate unless key_known
                http-request set-var(txn.ten) sc1_gpc1_rate unless key_known
            """);
  }

  static String render(GatewaySettings settings) {
    return "\n# Counters; sizes are upper bounds, memory is taken as entries appear.\n"
        + (settings.peers().isEmpty()
            ? table("keys", "string len 33 size 200k " + RATES)
            : peers(settings))
        + table("clients", "string len 80 size 200k expire 1m store gpc1,gpc1_rate(10s)")
        + (settings.anonymousScopes().isEmpty()
            ? ""
            : table("anonymous", "ipv6 size 200k " + RATES))
        + table("connections", "ipv6 size 200k expire 1m store conn_cur")
        + table("bad_keys", "ipv6 size 200k expire 1m store gpc0,gpc0_rate(10s)")
        + table("logins", "ipv6 size 200k expire 5m store gpc0,gpc0_rate(60s)")
        + table("decisions", "string len 48 size 1k store gpc0");
  }

  private static String table(String name, String definition) {
    return "backend " + name + " from base\n    stick-table type " + definition + "\n";
  }

  private static String peers(GatewaySettings settings) {
    return "peers replicas\n"
        + settings.peers().stream()
            .map(peer -> "    peer %s %s:%d\n".formatted(peer.name(), peer.address(), peer.port()))
            .collect(Collectors.joining())
        + settings.peers().stream()
            .map(peer ->
                "    table %s type string len 33 size 200k %s\n".formatted(peer.name(), RATES))
            .collect(Collectors.joining());
  }
}
