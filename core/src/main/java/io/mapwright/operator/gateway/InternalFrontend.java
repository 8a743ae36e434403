package io.mapwright.operator.gateway;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Health, metrics and the use of one key, for the cluster only: a network policy keeps everyone
 * else away.
 *
 * <p>{@code /decisions} has what the exporter cannot know: refusals by scope and rule. Admitted
 * requests are in the exporter's {@code haproxy_backend_*} series, whose {@code proxy} is the
 * scope.
 */
final class InternalFrontend {
  /** The kubelet's and the scrapers'. */
  static final int CONNECTIONS = 256;

  private InternalFrontend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return new Template(TEXT)
        .with("connections", CONNECTIONS)
        .with("bind", Listen.on(settings, settings.ports().internal(), ""))
        .with("trusted", trusted(settings))
        .with("meta", paths.map(GatewayMap.META))
        .with("decisions", decisions())
        .with("unless", unless(settings))
        .with("server", server(settings))
        .done();
  }

  /**
   * A gateway whose table is too old becomes unready, so that others serve, unless it serves
   * something without a key.
   */
  private static String trusted(GatewaySettings settings) {
    return settings.anonymousScopes().isEmpty()
        ? " { str(trusted),map_str({{meta}}),sub(txn.now) ge 0 }"
        : "";
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

  /** Probes of the map server from inside the cluster: the gateway's path, and the server's. */
  private static SequencedMap<String, String> asked(GatewaySettings settings) {
    var asked = new LinkedHashMap<String, String>();
    settings.serverHealthPath().ifPresent(path -> asked.put("/serverz", path));
    for (int n = 0; n < settings.probePaths().size(); n++) {
      asked.put("/probez/" + n, settings.probePaths().get(n));
    }
    return asked;
  }

  private static String server(GatewaySettings settings) {
    return asked(settings).entrySet().stream()
        .map(path ->
            """

            backend server_%s from base
                http-request set-path %s
                timeout server 5s
                server map 127.0.0.1:%d
            """
                .formatted(backend(path.getKey()), path.getValue(), settings.serverPort()))
        .collect(
            Collectors.joining(
                "",
                asked(settings).keySet().stream()
                    .map(path ->
                        "    use_backend server_%s if { path %s }\n".formatted(backend(path), path))
                    .collect(Collectors.joining()),
                ""));
  }

  private static String unless(GatewaySettings settings) {
    var paths = String.join(" ", asked(settings).keySet());
    return paths.isEmpty() ? "" : " unless { path " + paths + " }";
  }

  private static String backend(String path) {
    return path.equals("/serverz") ? "health" : path.substring(1).replace('/', '_');
  }

  private static final String TEXT =
      """

      frontend internal from base
          maxconn {{connections}}
      {{bind}}\
          http-request use-service prometheus-exporter if { path /metrics }
          http-request return status 200 content-type text/plain string ok if { path /healthz }
          http-request set-var(txn.now) date if { path /readyz }
          http-request return status 200 content-type application/json lf-string '{"ready":true,"generation":"%[str(generation),map_str({{meta}})]","table":"%[str(table),map_str({{meta}})]"}' if { path /readyz } { str(ready),map_str({{meta}}) -m int gt 0 }{{trusted}}
          http-request return status 503 content-type application/json lf-string '{"ready":false,"generation":"%[str(generation),map_str({{meta}})]","table":"%[str(table),map_str({{meta}})]"}' if { path /readyz }
          http-request set-var(txn.kid) path,field(3,/) if { path -m reg ^/keys/[a-z0-9]{4,32}$ }
          http-request set-var(txn.last) "var(txn.kid),table_gpt0(keys)" if { var(txn.kid) -m found }
          http-request set-var(txn.admitted) "var(txn.kid),table_gpc1(keys)" if { var(txn.kid) -m found }
          http-request return status 200 content-type application/json lf-string '{"keyId":"%[var(txn.kid)]","lastUsed":%[var(txn.last)],"admitted":%[var(txn.admitted)]}' if { var(txn.kid) -m found }
          http-request return status 200 content-type "text/plain; version=0.0.4" lf-string "# TYPE mapwright_gateway_refused_total counter\\n{{decisions}}# TYPE mapwright_gateway_table_trusted_until_timestamp_seconds gauge\\nmapwright_gateway_table_trusted_until_timestamp_seconds %[str(trusted),map_str({{meta}},0)]\\n# TYPE mapwright_gateway_table_max_age_seconds gauge\\nmapwright_gateway_table_max_age_seconds %[str(max_age),map_str({{meta}},0)]\\n" if { path /decisions }
          http-request return status 404 content-type text/plain string "not found"{{unless}}
      {{server}}\
      """;
}
