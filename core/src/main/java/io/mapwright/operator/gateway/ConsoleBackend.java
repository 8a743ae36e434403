package io.mapwright.operator.gateway;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The control plane, after the access checks. Its session cookie is sent as {@code
 * value.issued.hmac} and verified and unwrapped on return; anything else under its name never
 * reaches the server.
 */
final class ConsoleBackend {
  /**
   * Headers of requests to a web console: those of browsers, and those by which common frameworks
   * recognize requests of their own pages. No other header reaches the server.
   */
  private static final List<String> HEADERS =
      List.of(
          "accept(?:-.*)?",
          "access-control-request-.*",
          "apollo-require-preflight",
          "authorization",
          "cache-control",
          "content-(?:disposition|encoding|language|length|range|type)",
          "cookie",
          "csrf-token",
          "dnt",
          "expect",
          "host",
          "hx-.*",
          "if-.*",
          "last-event-id",
          "next-.*",
          "origin",
          "pragma",
          "prefer",
          "priority",
          "range",
          "referer",
          "rsc",
          "save-data",
          "sec-(?:ch|fetch)-.*",
          "sec-gpc",
          "traceparent",
          "tracestate",
          "transfer-encoding",
          "turbo-frame",
          "upgrade-insecure-requests",
          "user-agent",
          "x-csrf-.*",
          "x-csrftoken",
          "x-inertia(?:-.*)?",
          "x-nextjs-.*",
          "x-requested-with",
          "x-turbo-request-id",
          "x-xsrf-token");

  private ConsoleBackend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var answers =
        Stream.of(GatewayProblem.COOKIE_AMBIGUOUS, GatewayProblem.LOGINS)
            .map(AnswersBackend::line)
            .collect(Collectors.joining());
    return new Template(TEXT)
        .with("request", REQUEST)
        .with("response", RESPONSE)
        .with("attributes", dropAttributes())
        .with("headers", String.join("|", HEADERS))
        .with("cookie", settings.sessions().cookieName())
        .with("session", paths.map(GatewayMap.SESSION))
        .with("age", settings.sessions().maxAge().toSeconds())
        .with("logins", settings.limits().loginsPerMinute())
        .with("problems", answers)
        .with("port", settings.serverPort())
        .done();
  }

  /** A rule removes one attribute, so it stands once for each that a server may send. */
  private static String dropAttributes() {
    return IntStream.range(0, 5)
        .mapToObj(_ ->
            "    http-response replace-header Set-Cookie '(?i)^({{cookie}}=.*?);[ \\t]*(?:httponly|secure|partitioned|samesite(?:=[^;]*)?|domain(?:=[^;]*)?)[ \\t]*(;.*)?$' '\\1\\2' if signs_in\n")
        .collect(Collectors.joining());
  }

  private static final String REQUEST =
      """
          # --- session cookie, inward (RFC 6265, 5.4)
          # The last of its name; a value may hold commas, which ends one for req.cook.
          http-request set-var(txn.cookie) 'req.fhdr(cookie),regsub("^(?:.*;)?[ \\t]*{{cookie}}[ \\t]*=[ \\t]*([^;]*).*$","\\1"),regsub("(?<![ \\t])[ \\t]+$","")' if { req.fhdr(cookie) -m reg '(?:^|;)[ \\t]*{{cookie}}[ \\t]*=' }
          http-request set-var(txn.signed) 'var(txn.cookie),regsub("[.][0-9A-F]{64}$","")' if { var(txn.cookie) -m reg '^.+[.][0-9]{10}[.][0-9A-F]{64}$' }
          http-request set-var(txn.signature) 'var(txn.cookie),regsub("^.*[.]","")' if { var(txn.signed) -m found }
          http-request set-var(txn.now) date
          http-request set-var(txn.age) 'var(txn.signed),regsub("^.*[.]",""),neg,add(txn.now)' if { var(txn.signed) -m found }
          http-request set-var(txn.signer) str(current),map_str({{session}})
          http-request set-var(txn.signer_before) str(previous),map_str({{session}})
          http-request set-var(txn.mac) var(txn.signed),hmac(sha256,txn.signer),hex
          http-request set-var(txn.mac_before) var(txn.signed),hmac(sha256,txn.signer_before),hex
          http-request set-var(txn.genuine) bool(true) if { var(txn.signature),secure_memcmp(txn.mac) } || { var(txn.signature),secure_memcmp(txn.mac_before) }
          http-request set-var(txn.session) 'var(txn.signed),regsub("[.][0-9]{10}$","")' if { var(txn.genuine) -m bool } { var(txn.age),add(60) ge 0 } { var(txn.age) -m int le {{age}} }
          http-request set-var(txn.others) 'req.fhdr(cookie),regsub("(^|;)[ \\t]*{{cookie}}[ \\t]*=[^;]*","",gi),regsub("^[; \\t]+","")'
          http-request set-var(txn.rule) str(cookie-ambiguous) if { var(txn.others) -m sub -i {{cookie}} }
          http-request del-header cookie
          http-request set-header Cookie %[var(txn.others)] if { var(txn.others),length gt 0 }
          http-request set-header Cookie '{{cookie}}=%[var(txn.session)]' if { var(txn.session) -m found } !{ var(txn.others),length gt 0 }
          http-request set-header Cookie '%[var(txn.others)]; {{cookie}}=%[var(txn.session)]' if { var(txn.session) -m found } { var(txn.others),length gt 0 }

          # --- sign-in attempts: requests that change something without a session
          acl attempt method POST PUT PATCH DELETE
          http-request track-sc2 src,ipmask(32,64) table logins if attempt !{ var(txn.session) -m found }
          http-request sc-inc-gpc0(2) if attempt !{ var(txn.session) -m found }
          http-request set-var(txn.rule) str(logins) if attempt !{ var(txn.session) -m found } !{ sc2_gpc0_rate le {{logins}} }
      """;

  private static final String RESPONSE =
      """
          # --- session cookie, outward: an emptied one signs out and needs no signature
          acl signs_in var(txn.new) -m len gt 0
          # The last of its name, commas and all.
          http-response set-var(txn.new) 'res.hdrs,regsub("(?s)^(?:.*\\n)?set-cookie:[ \\t]*{{cookie}}[ \\t]*=[ \\t]*([^;\\r\\n]*).*$","\\1"),regsub("(?<![ \\t])[ \\t]+$","")' if { res.hdrs -m reg '(?m)^set-cookie:[ \\t]*{{cookie}}[ \\t]*=' }
          http-response set-var(txn.issued) date
          http-response set-var(txn.new) var(txn.new),concat(.,txn.issued) if signs_in
          http-response set-var(txn.new_mac) var(txn.new),hmac(sha256,txn.signer),hex
          # Without a signing key the cookie would be worthless to its owner, and plain to anyone.
          http-response del-header set-cookie if signs_in !{ var(txn.new_mac) -m found }
      {{attributes}}\
          http-response replace-header Set-Cookie '(?i)^{{cookie}}=[^;]*(.*)$' '{{cookie}}=%[var(txn.new)].%[var(txn.new_mac)]\\1; HttpOnly; Secure; SameSite=Lax' if signs_in
          http-response replace-header Set-Cookie '(?i)^((?!.*;[ \\t]*secure(?:;|$)).*)$' '\\1; Secure'
      """;

  private static final String TEXT =
      """

      backend console from base
          acl refused var(txn.rule) -m found
      {{request}}\

          http-request set-var(txn.metric) str(admin:),concat(,txn.rule) if refused
          http-request track-sc1 var(txn.metric) table decisions if refused
          http-request sc-inc-gpc0(1) if refused
          http-request set-var(txn.decision) str(allow)
          http-request set-var(txn.decision) str(deny) if refused
      {{problems}}\

          http-request del-header '^(?!(?:{{headers}})$)' -m reg
          http-request del-header authorization if { var(txn.bearer) -m found }
          http-request add-header X-Forwarded-For %[src]
          http-request add-header X-Forwarded-Proto https
          http-request add-header X-Forwarded-Host %[req.hdr(host)]
          http-request add-header X-Request-Id %[unique-id]
          http-request add-header X-Mapwright-Scope admin
          http-request add-header X-Mapwright-Key-Id %[var(txn.kid)] if { var(txn.kid) -m found }

      {{response}}\

          http-after-response set-header X-Frame-Options DENY
          # A second policy beside the server's own: both must allow (CSP 3, 8.1).
          http-after-response add-header Content-Security-Policy "frame-ancestors 'none'; object-src 'none'; base-uri 'self'"
          http-after-response set-header Referrer-Policy same-origin
          http-after-response set-header Cross-Origin-Opener-Policy same-origin
          http-after-response set-header Cross-Origin-Resource-Policy same-origin
          http-after-response set-header Cache-Control no-store
          server map 127.0.0.1:{{port}}
      """;
}
