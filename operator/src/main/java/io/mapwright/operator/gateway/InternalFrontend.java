package io.mapwright.operator.gateway;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Health, metrics and the use of one key, for the cluster only: a network policy keeps everyone
 * else away.
 *
 * <p>{@code /decisions} has what the exporter cannot know: refusals by scope and rule. What was
 * admitted is in the exporter's {@code haproxy_backend_*} series, whose {@code proxy} is the scope.
 */
final class InternalFrontend {
  private InternalFrontend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return new Template(TEXT)
        .with("bind", Listen.on(settings, settings.ports().internal(), ""))
        .with("meta", paths.map(GatewayMap.META))
        .with("keyTable", LimitTables.ownKeyTable(settings).replace("\"", ""))
        .with("decisions", decisions())
        .with("server", server(settings))
        .done();
  }

  private static String decisions() {
    return Arrays.stream(GatewayProblem.values())
        .filter(problem -> !problem.ofHaproxy())
        .flatMap(
            problem -> problem.scopeLabels().stream().map(scope -> sample(scope, problem.code())))
        .collect(Collectors.joining());
  }

  private static String sample(String scope, String rule) {
    return "mapwright_gateway_refused_total{scope=\\\"%1$s\\\",rule=\\\"%2$s\\\"} %%[str(%1$s:%2$s),table_gpc0(decisions)]\\n"
        .formatted(scope, rule);
  }

  private static String server(GatewaySettings settings) {
    return settings
        .serverHealthPath()
        .map(path ->
            """
                use_backend server_health if { path /serverz }

            backend server_health from base
                http-request set-path %s
                timeout server 5s
                server map 127.0.0.1:%d
            """
                .formatted(path, settings.serverPort()))
        .orElse("");
  }

  private static final String TEXT =
      """

      frontend internal from base
      {{bind}}\
          http-request use-service prometheus-exporter if { path /metrics }
          http-request return status 200 content-type text/plain string ok if { path /healthz }
          http-request return status 200 content-type application/json lf-string '{"ready":true,"generation":"%[str(generation),map_str({{meta}})]","table":"%[str(table),map_str({{meta}})]"}' if { path /readyz } { str(ready),map_str({{meta}}) 1 }
          http-request return status 503 content-type application/json lf-string '{"ready":false,"generation":"%[str(generation),map_str({{meta}})]","table":"%[str(table),map_str({{meta}})]"}' if { path /readyz }
          http-request set-var(txn.kid) path,field(3,/) if { path -m reg ^/keys/[a-z0-9]{4,32}$ }
          http-request set-var(txn.last) "var(txn.kid),table_gpt0({{keyTable}})" if { var(txn.kid) -m found }
          http-request set-var(txn.admitted) "var(txn.kid),table_gpc1({{keyTable}})" if { var(txn.kid) -m found }
          http-request return status 200 content-type application/json lf-string '{"keyId":"%[var(txn.kid)]","lastUsed":%[var(txn.last)],"admitted":%[var(txn.admitted)]}' if { var(txn.kid) -m found }
          http-request return status 200 content-type "text/plain; version=0.0.4" lf-string "# TYPE mapwright_gateway_refused_total counter\\n{{decisions}}" if { path /decisions }
          http-request return status 404 content-type text/plain string "not found" unless { path /serverz }
      {{server}}\
      """;
}
