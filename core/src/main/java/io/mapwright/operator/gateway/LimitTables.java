package io.mapwright.operator.gateway;

import java.time.Duration;

/** The counters. Each replica counts for itself, up to its part of a limit (decision 0042). */
final class LimitTables {
  /** When HAProxy forgets the counters of a key that is not used. */
  static final Duration KEYS_EXPIRE = Duration.ofDays(1);

  static final Duration CLIENTS_EXPIRE = Duration.ofMinutes(1);

  private static final String RATES =
      "expire %dm store gpt0,gpc0,gpc0_rate(1s),gpc1,gpc1_rate(10s)"
          .formatted(KEYS_EXPIRE.toMinutes());

  private LimitTables() {}

  static String render(GatewaySettings settings) {
    return "\n# Counters; sizes are upper bounds, memory is taken as entries appear.\n"
        + table("keys", "string len 33 size 200k " + RATES)
        + table(
            "clients",
            "string len 80 size 200k expire %dm store gpc1,gpc1_rate(10s)"
                .formatted(CLIENTS_EXPIRE.toMinutes()))
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
}
