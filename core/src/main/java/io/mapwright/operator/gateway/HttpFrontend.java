package io.mapwright.operator.gateway;

/** Plain http: sends clients to https, unless they have already shown their key. */
final class HttpFrontend {
  private HttpFrontend() {}

  /** It only redirects: a few connections are enough. */
  static int connections(Limits limits) {
    return Math.max(16, limits.maxConnections() / 8);
  }

  static String render(GatewaySettings settings) {
    return new Template(TEXT)
        .with("connections", connections(settings.limits()))
        .with("bind", Listen.on(settings, settings.ports().http(), ""))
        .with("log", DecisionLog.render(settings) + ClientRules.render(settings))
        .with("method", DecisionLog.METHOD)
        .with("hosts", ShapeRules.hosts(settings))
        .done();
  }

  private static final String TEXT =
      """

      frontend http from base
          maxconn {{connections}}
      {{bind}}\
      {{log}}\

      {{method}}\
          http-request set-var(txn.host) req.hdr(host),host_only,lower
          http-request set-var(txn.rule) str(method) unless { method GET HEAD POST PUT PATCH DELETE OPTIONS }
          http-request set-var(txn.rule) str(request-path) unless { pathq -m reg '^/[!-"$-~]*$' }
          http-request set-var(txn.rule) str(request-host) unless { req.fhdr_cnt(host) 1 } { var(txn.host) -m reg '^[a-z0-9.-]+$' }
      {{hosts}}\
          # Redirecting would hide the leak: the key has crossed the network in the clear (BCP 195, RFC 9325).
          http-request set-var(txn.rule) str(plain-http) if { pathq,url_dec -m reg '[?&]key=' } || { pathq -m sub mpw_pk_ } || { req.fhdr(authorization) -m found } || { req.fhdr(x-api-key) -m found }
          http-request set-var(txn.decision) str(redirect)
          use_backend answers if { var(txn.rule) -m found }
          default_backend to_https
          http-after-response set-header X-Content-Type-Options nosniff
          http-after-response set-header Access-Control-Allow-Origin * if { var(txn.rule) -m found }

      backend to_https from base
          http-request redirect location https://%[var(txn.host)]%[pathq] code 308
      """;
}
