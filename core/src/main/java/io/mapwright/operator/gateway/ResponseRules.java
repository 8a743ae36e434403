package io.mapwright.operator.gateway;

/**
 * Headers of every answer, the server's and the gateway's. The server cannot override those of the
 * gateway. What its backend adds comes first; the console's adds nothing for pages of other sites.
 */
final class ResponseRules {
  private ResponseRules() {}

  static String render() {
    return TEXT;
  }

  /**
   * What a page needs to read the answer (Fetch standard), and a cache to keep it. Errors are for
   * pages too.
   */
  static String readable(String condition) {
    return """
        http-after-response add-header Access-Control-Expose-Headers 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'%1$s
        http-after-response add-header Cross-Origin-Resource-Policy cross-origin%1$s
    """
        .formatted(condition);
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
          # draft-ietf-httpapi-ratelimit-headers-10
          http-after-response add-header RateLimit-Policy '"burst";q=%[var(txn.burst)];w=1, "sustained";q=%[var(txn.sustained)];w=10' if { var(txn.used) -m found }
          http-after-response add-header RateLimit '"sustained";r=%[var(txn.sustained),sub(txn.used)];t=10' if { var(txn.sustained),sub(txn.used) ge 0 }
          http-after-response add-header Access-Control-Allow-Credentials true if { var(txn.credentials) -m bool }

          # --- answers for the pages of some keys
          http-after-response allow unless restricted
          http-after-response add-header Vary 'Authorization, X-Api-Key, Origin'
          # Where no Origin was sent, the Referer decided.
          http-after-response add-header Vary Referer unless has_origin
          # Whatever else a server says, no shared cache keeps the answer; a CDN's own header (RFC 9213) would overrule that.
          http-after-response replace-value Cache-Control '(?i)^(?:public|s-maxage(?:=.*)?|private=.*)$' private
          http-after-response add-header Cache-Control private unless { res.hdr(cache-control) -m str -i private no-store }
          http-after-response del-header '^(?:.+-cache-control|surrogate-control|edge-control|x-accel-expires)$' -m reg
      """;
}
