package io.mapwright.operator.gateway;

/**
 * Headers of every answer, the server's and the gateway's. The server cannot override those of the
 * gateway.
 */
final class ResponseRules {
  private ResponseRules() {}

  static String render() {
    return TEXT;
  }

  private static final String TEXT =
      """

          # --- answers
          # A server that switches protocols opens a tunnel past every rule; 2.6 and 3.0 would join it.
          http-response deny deny_status 502 if { status 101 }
          http-response del-header '^(?:access-control-.*|server|x-powered-by|strict-transport-security|x-content-type-options|ratelimit.*|x-request-id|cross-origin-resource-policy)$' -m reg
          # Added, not set: no answer carries one any more, and to set means to search first.
          http-after-response add-header Strict-Transport-Security max-age=31536000
          http-after-response add-header X-Content-Type-Options nosniff
          http-after-response add-header X-Request-Id %[unique-id]
          # Fetch standard: a page reads an answer only with this, and errors are for pages too. The console has none.
          acl readable var(txn.acao) -m found
          http-after-response add-header Access-Control-Allow-Origin %[var(txn.acao)] if readable
          http-after-response add-header Access-Control-Expose-Headers 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id' if readable
          http-after-response add-header Access-Control-Allow-Credentials true if { var(txn.credentials) -m bool }
          http-after-response add-header Cross-Origin-Resource-Policy cross-origin if readable
          # With any origin allowed the answer is the same for all, and a cache may share it (RFC 9110, 12.5.5).
          http-after-response add-header Vary 'Authorization, X-Api-Key' if readable !restricted !{ var(txn.rule) -m found }
          http-after-response add-header Vary 'Authorization, X-Api-Key, Origin' if restricted || readable { var(txn.rule) -m found }
          # Where no Origin was sent, the Referer decided.
          http-after-response add-header Vary Referer if restricted !has_origin
          # Whatever else a server says, no shared cache keeps the answer; a CDN's own header (RFC 9213) would overrule that.
          http-after-response replace-value Cache-Control '(?i)^(?:public|s-maxage(?:=.*)?|private=.*)$' private if restricted
          http-after-response add-header Cache-Control private if restricted !{ res.hdr(cache-control) -m str -i private no-store }
          http-after-response del-header '^(?:.+-cache-control|surrogate-control|edge-control|x-accel-expires)$' -m reg if restricted
          # draft-ietf-httpapi-ratelimit-headers-10
          http-after-response add-header RateLimit-Policy '"burst";q=%[var(txn.burst)];w=1, "sustained";q=%[var(txn.sustained)];w=10' if { var(txn.used) -m found }
          http-after-response add-header RateLimit '"sustained";r=%[var(txn.sustained),sub(txn.used)];t=10' if { var(txn.sustained),sub(txn.used) ge 0 }
      """;
}
