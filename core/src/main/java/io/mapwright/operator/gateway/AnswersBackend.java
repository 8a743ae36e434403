package io.mapwright.operator.gateway;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The gateway's own answers: counted by scope and rule, then sent as problem details (RFC 9457).
 */
final class AnswersBackend {
  private AnswersBackend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return new Template(TEXT)
        .with("badKeys", settings.limits().badKeysPerTenSeconds())
        .with("origins", paths.map(GatewayMap.ORIGINS))
        .with("readable", ResponseRules.readable(" if { var(txn.acao) -m found }"))
        .with(
            "problems",
            Arrays.stream(GatewayProblem.values())
                .filter(problem -> !problem.ofHaproxy())
                .map(AnswersBackend::line)
                .collect(Collectors.joining()))
        .done();
  }

  static String line(GatewayProblem problem) {
    return "    http-request return status %d content-type application/problem+json lf-string '%s'%s if { var(txn.rule) -m str %s }\n"
        .formatted(problem.status(), body(problem), headers(problem), problem.code());
  }

  /**
   * The same format for what HAProxy refuses on its own; only early parser errors stay plain text.
   */
  static String errors() {
    return Arrays.stream(GatewayProblem.values())
        .filter(GatewayProblem::ofHaproxy)
        .map(problem ->
            "    http-error status %d content-type application/problem+json lf-string '%s'%s\n"
                .formatted(problem.status(), body(problem), headers(problem)))
        .collect(Collectors.joining());
  }

  private static String body(GatewayProblem problem) {
    return "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\",\"instance\":\"urn:uuid:%%[unique-id]\"}"
        .formatted(
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            problem.shown().code());
  }

  private static String headers(GatewayProblem problem) {
    var retry = problem.retryAfter();
    return " hdr Cache-Control no-store"
        + (retry.isPresent() ? " hdr Retry-After " + retry.getAsInt() : "")
        + (problem.ofKeyLimit() ? " hdr Retry-After %[var(txn.retry)]" : "")
        + switch (problem.status()) {
          // RFC 9110, 15.5.2 and 15.5.6 require these.
          case 401 -> " hdr WWW-Authenticate 'Bearer realm=\"mapwright\"'";
          case 405 -> " hdr Allow 'GET, HEAD, POST, OPTIONS'";
          default -> "";
        };
  }

  private static final String TEXT =
      """

      backend answers from base
          http-request set-var(txn.acao) str(*) unless { var(txn.acao) -m found } || { var(txn.console) -m bool }
          http-request set-var(txn.decision) str(deny)
          acl limited var(txn.rule) -m beg rate-
          http-request set-var(txn.decision) str(limit) if limited
          # It was not admitted, so it has used up nothing.
          http-request set-var(txn.used) var(txn.used),sub(txn.cost) if limited
          # Floods of refused keys are answered 429; good keys from the same address are not counted and not touched.
          acl bad_key var(txn.rule) -m str key-malformed key-unknown key-expired
          http-request track-sc1 src,ipmask(32,64) table bad_keys if bad_key
          http-request sc-inc-gpc0(1) if bad_key
          http-request set-var(txn.rule) str(bad-keys) if bad_key { sc1_gpc0_rate gt {{badKeys}} }
          http-request set-var(txn.metric) str(none)
          http-request set-var(txn.metric) var(txn.scope) if { var(txn.scope) -m found }
          http-request set-var(txn.metric) var(txn.metric),concat(:,txn.rule)
          http-request track-sc2 var(txn.metric) table decisions
          http-request sc-inc-gpc0(2)

          # Which key will follow is unknown; whether any of this origin's may use credentials is not.
          acl preflight var(txn.rule) -m str preflight
          http-request set-var(txn.decision) str(preflight) if preflight
          http-request set-var(txn.wild) 'var(txn.origin),regsub("^(https?://)[A-Za-z0-9_-]+[.]","\\1*.")' if preflight !{ var(txn.origin) -m sub * }
          http-request set-var(txn.credentials) bool(true) if preflight !{ var(txn.origin) -m sub * } { str(+|),concat(,txn.origin),map_str({{origins}}) -m found } || preflight { str(+|),concat(,txn.wild),map_str({{origins}}) -m found }
          http-request set-var(txn.acao) var(txn.origin) if preflight { var(txn.credentials) -m bool }
          http-request return status 204 hdr Access-Control-Allow-Methods 'GET, HEAD, POST' hdr Access-Control-Allow-Headers 'Authorization, Content-Type, If-Modified-Since, If-None-Match, Range, X-Api-Key' hdr Access-Control-Max-Age 7200 if preflight

          # The console has none.
          http-after-response add-header Access-Control-Allow-Origin %[var(txn.acao)] if { var(txn.acao) -m found }
      {{readable}}\
          http-after-response add-header Vary 'Authorization, X-Api-Key, Origin' if { var(txn.acao) -m found } !{ var(txn.restricted) -m bool }
          http-after-response set-header Content-Security-Policy "default-src 'none'; frame-ancestors 'none'"
      {{problems}}\
          http-request deny deny_status 500
      """;
}
