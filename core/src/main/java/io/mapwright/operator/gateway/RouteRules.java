package io.mapwright.operator.gateway;

/** Which scope a path needs, and whether it exists for this caller at all. */
final class RouteRules {
  private RouteRules() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return new Template(TEXT)
        .with("routes", paths.routes())
        .with("meta", paths.map(GatewayMap.META))
        .with("gate", gate(settings.controlPlane()))
        .with("fixed", fixed(settings))
        .done();
  }

  private static String gate(ConsoleAccess controlPlane) {
    if (!controlPlane.open()) {
      return "    http-request set-var(txn.rule) str(control-plane) if console\n";
    }
    var certificate = controlPlane.clientCa() ? " { ssl_c_used 1 } { ssl_c_verify 0 }" : "";
    return """
        acl console_host var(txn.host) -m str %s
        acl console_client src %s
        http-request set-var(txn.console) bool(true) if console console_host console_client%s
        http-request set-var(txn.rule) str(control-plane) if console !{ var(txn.console) -m bool }
    """
        .formatted(
            String.join(" ", controlPlane.hosts()),
            ClientRules.words(controlPlane.allowedCidrs()),
            certificate);
  }

  private static String fixed(GatewaySettings settings) {
    var health =
        "    http-request set-var(txn.decision) str(fixed) unless routed\n    http-request return status 200 content-type text/plain string ok if !routed { path /healthz }\n";
    return health
        + settings
            .disclosure()
            .map(disclosure ->
                "    http-request return status 200 content-type \"text/plain; charset=utf-8\" lf-string \""
                    + disclosure.text().replace("\n", "\\n")
                    + "\" if !routed { path /.well-known/security.txt }\n")
            .orElse("");
  }

  private static final String TEXT =
      """

          # --- route: what the map does not name does not exist, and never reaches the server
          acl routed var(txn.route) -m found
          acl console var(txn.scope) -m str admin
          http-request set-var(txn.route) path,lower,concat(/),map_beg({{routes}})
      {{fixed}}\
          http-request set-var(txn.scope) var(txn.route),field(1,|)
          http-request set-var(txn.bit) var(txn.route),field(2,|)
          http-request set-var(txn.rule) str(method) if { method PUT PATCH DELETE } !console
          # How many replicas share the limits of a key; none as long as the tables are not in.
          http-request set-var(txn.replicas) str(ready),map_str({{meta}})
          http-request set-var(txn.rule) str(not-ready) unless { var(txn.replicas) -m int gt 0 }
          http-request set-var(txn.rule) str(unknown-path) unless routed
          # The gate speaks last in its group: a closed control plane looks exactly like a path that does not exist.
      {{gate}}\
          http-request allow if { var(txn.rule) -m found }
      """;
}
