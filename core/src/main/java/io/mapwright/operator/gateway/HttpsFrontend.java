package io.mapwright.operator.gateway;

/**
 * The public listener. Its groups of rules decide in order; the first one that sets a rule is
 * final.
 */
final class HttpsFrontend {
  private HttpsFrontend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return "frontend https from base\n"
        + "    maxconn %d\n".formatted(settings.limits().maxConnections())
        + listener(settings, paths)
        + DecisionLog.render(settings)
        + ClientRules.render(settings)
        + FastPathRules.render(settings, paths)
        + ShapeRules.render(settings)
        + RouteRules.render(settings, paths)
        + KeyRules.render(settings, paths)
        + OriginRules.render(paths)
        + LimitRules.render(settings, paths)
        + SWITCH
        + ResponseRules.render();
  }

  private static String listener(GatewaySettings settings, GatewayPaths paths) {
    var clientCa =
        settings.controlPlane().clientCa()
            ? " ca-file " + paths.clientCa() + " verify optional"
            : "";
    var version = settings.tls13Only() ? " ssl-min-ver TLSv1.3" : "";
    return Listen.on(
        settings,
        settings.ports().https(),
        "ssl crt " + paths.certificate() + " alpn h2,http/1.1" + version + clientCa);
  }

  private static final String SWITCH =
      """

          # --- backends
          use_backend answers if { var(txn.rule) -m found }
          use_backend console if { var(txn.console) -m bool }
          use_backend %[var(txn.scope)]
      """;
}
