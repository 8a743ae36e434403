package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.ClientAddressLog;

/**
 * One JSON line per decision. No path: it holds what a person looked for. Of client input only an
 * Origin and a method of the usual form are logged, so a line has a bounded length and contains no
 * key; all other values are the gateway's own.
 */
final class DecisionLog {
  private DecisionLog() {}

  static String render(GatewaySettings settings) {
    return new Template(TEXT).with("client", client(settings.auditAddress())).done();
  }

  private static String client(ClientAddressLog address) {
    return switch (address) {
      case Full -> "%[src]";
      case Truncated -> "%[src,ipmask(24,48)]";
      case None -> "";
    };
  }

  /** In front of all rules of a frontend: the method as a line has it. */
  static final String METHOD =
      """
          http-request set-var(txn.method) method
          http-request set-var(txn.method) str(other) unless { method GET HEAD POST PUT PATCH DELETE OPTIONS }
      """;

  /** The Origin as a line has it: what no page is, or what holds a key, is not repeated. */
  static String origin(String rule) {
    return """
        %1$s set-var(txn.origin) req.fhdr(origin)
        %1$s set-var(txn.said_origin) str(malformed) if { var(txn.origin) -m found }
        %1$s set-var(txn.said_origin) var(txn.origin) if { var(txn.said_origin) -m found } loggable !{ var(txn.origin) -m sub -i mpw_pk_ }
    """
        .formatted(rule);
  }

  private static final String TEXT =
      """

          # --- log: never blocks; lines lost to a full pipe show as haproxy_process_dropped_logs_total
          log stdout len 4096 format raw local0 info
          acl loggable var(txn.origin) -m reg '^[A-Za-z0-9+.:/_*\\[\\]-]{0,255}$'
          unique-id-format %[uuid()]
          log-format '{"ts":%Ts.%ms,"id":"%ID","listener":"%f","key":"%[var(txn.kid)]","scope":"%[var(txn.scope)]","decision":"%[var(txn.decision)]","rule":"%[var(txn.rule)]","dryRun":"%[var(txn.would)]","origin":"%[var(txn.said_origin)]","method":"%[var(txn.method)]","status":%ST,"ms":%Ta,"bytes":%B,"end":"%ts","client":"{{client}}"}'
          error-log-format '{"ts":%Ts.%ms,"listener":"%f","decision":"refused","rule":"connection","error":"%[fc_err_str,json(utf8s)]","client":"{{client}}"}'
      """;
}
