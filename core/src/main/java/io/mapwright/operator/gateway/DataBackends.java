package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The map server for data, one backend per scope so that the exporter's counters tell the scopes
 * apart. The server gets an allow-list of headers, and the gateway's own headers about the client.
 */
final class DataBackends {
  private DataBackends() {}

  static String render(GatewaySettings settings) {
    var passthrough =
        settings.keyPassthrough()
            ? """
                # A document that names its caller's key is for that caller only.
                http-response set-header Cache-Control 'private, no-store' if { var(txn.passthrough) -m bool }
                http-response del-header '^(?:.+-cache-control|surrogate-control|edge-control|x-accel-expires)$' -m reg if { var(txn.passthrough) -m bool }
            """
            : "";
    return new Template(TEXT)
            .with("count", LimitRules.COUNT)
            .with("readable", ResponseRules.readable(""))
            .with("passthrough", passthrough)
            .done()
        + Arrays.stream(Scope.values())
            .filter(scope -> scope != Scope.ADMIN)
            .map(scope ->
                """

                backend %1$s from data
                    http-request add-header X-Mapwright-Scope %1$s
                %2$s    server map 127.0.0.1:%3$d
                """
                    .formatted(
                        scope.text(),
                        LimitRules.rest(settings.limits().cost(scope)),
                        settings.serverPort()))
            .collect(Collectors.joining());
  }

  private static final String TEXT =
      """

      defaults data from base
      {{count}}\
          # When the key was last used, for its owner.
          http-request sc-set-gpt0(1) date
          http-request set-var(txn.decision) str(allow)
          http-request del-header '^(?!(?:accept(?:-.*)?|cache-control|content-(?:encoding|length|type)|expect|host|if-.*|pragma|range|traceparent|tracestate|transfer-encoding|user-agent)$)' -m reg
          http-request add-header X-Forwarded-For %[src]
          http-request add-header X-Forwarded-Proto https
          http-request add-header X-Forwarded-Host %[req.hdr(host)]
          http-request add-header X-Request-Id %[unique-id]
          http-request add-header X-Mapwright-Key-Id %[var(txn.kid)] if { var(txn.kid) -m found }
          http-after-response add-header Access-Control-Allow-Origin * unless { var(txn.acao) -m found }
          http-after-response add-header Access-Control-Allow-Origin %[var(txn.acao)] if { var(txn.acao) -m found }
      {{readable}}\
          # With any origin allowed the answer is the same for all, and a cache may share it (RFC 9110, 12.5.5).
          http-after-response add-header Vary 'Authorization, X-Api-Key' unless { var(txn.restricted) -m bool }
          # Data has no sessions, in either direction.
          http-response del-header set-cookie
      {{passthrough}}\
      """;
}
