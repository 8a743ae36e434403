package io.mapwright.operator.gateway;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One meaning per request: what two parsers could interpret differently is refused before anything
 * else processes it. The usual request matches {@code plain} and skips the rest. Every rule is an
 * allow-list, so that a failing converter refuses.
 */
final class ShapeRules {
  private ShapeRules() {}

  static String render(GatewaySettings settings) {
    return new Template(TEXT)
        .with("method", DecisionLog.METHOD)
        .with("hosts", hosts(settings))
        .with("uri", settings.limits().maxUriBytes())
        .with("tooMany", Limits.MAX_PARAMETERS + 1)
        .with("body", settings.limits().maxBodyBytes())
        .done();
  }

  /**
   * Only the configured names are served; a redirect to any Host would send users wherever an
   * attacker likes.
   */
  static String hosts(GatewaySettings settings) {
    if (settings.publicHosts().isEmpty()) {
      return "";
    }
    var hosts =
        Stream.concat(settings.publicHosts().stream(), settings.controlPlane().hosts().stream())
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    return "    http-request set-var(txn.rule) str(unknown-host) unless { var(txn.host) -m str "
        + hosts
        + " }\n";
  }

  private static final String TEXT =
      """

          # --- shape (RFC 9112, RFC 9113); the later rule wins within a group
          option http-restrict-req-hdr-names delete
          acl http1 fc_http_major 1
          acl from_root url_beg /
          acl plain pathq -m reg '^(?:/[A-Za-z0-9_~@,:+=-][A-Za-z0-9._~@,:+=-]*)+/?(?:\\?[A-Za-z0-9._~@,:+=&/-]*)?$'
          acl visible pathq -m reg '^[!-"$-~]+$'
          # Possessive: a long path must not use up the matcher's stack. Dot segments, "//" and ";" outside lists of coordinates are refused; so are bytes that decode to them.
          acl one_path path -m reg '^(?:/(?!\\.+(?:/|%|;|$))(?:[A-Za-z0-9._~@,:+=!$&()*\\x27-]++|(?<=[0-9]);(?=[0-9-])|%[0-9A-F]{2})*+)++$'
          acl hidden_byte path -m reg '%(?:[01][0-9A-F]|5C|7F|C[01]|E0%[89]|ED%[AB]|F0%8|F[5-9A-F])'
          acl hidden_syntax path -m reg '%(?:2[5F]|3B)'
          # A place name or an overlay may hold an encoded slash; decoded once or twice it must still be no dot segment.
          acl free_text path_beg -i /v1/geocode/ /geocoding/ /v1/static/
          acl decoded path,url_dec -m found
          acl decoded_dots path,url_dec -m reg '(?:^|[/\\\\])\\.+(?:[/\\\\;]|$)|[\\x00-\\x1f\\x7f\\\\]'
          acl decoded_twice path,url_dec,url_dec -m found
          acl decoded_twice_dots path,url_dec,url_dec -m reg '(?:^|[/\\\\])\\.+(?:[/\\\\;]|$)|[\\x00-\\x1f\\x7f\\\\]'

      {{method}}\
          http-request set-var(txn.host) req.hdr(host),host_only,lower
          http-request set-var(txn.plain) bool(true) if plain
          # Strict: what is not valid percent-encoding is answered 400 by HAProxy itself.
          http-request normalize-uri percent-to-uppercase strict unless { var(txn.plain) -m bool }
          http-request normalize-uri percent-decode-unreserved strict unless { var(txn.plain) -m bool }
          http-request normalize-uri path-merge-slashes unless { var(txn.plain) -m bool }
      {{hosts}}\
          # HTTP/2 needs no length to send a body or trailers: they are here already, behind the head, or the message has not ended yet.
          acl ended internal.htx.has_eom
          acl head_last internal.htx_blk.type(tail) -m str HTX_BLK_EOH
          # It may end in an empty DATA frame (RFC 9113, 8.1), which leaves one block behind start line, fields and their end; a trailer leaves its own as well.
          http-request wait-for-body time 5s at-least 1 if !ended head_last { method GET HEAD OPTIONS DELETE } !{ req.fhdr(content-length) -m found } !{ req.fhdr(transfer-encoding) -m found }
          acl marked internal.htx_blk.type(tail) -m str HTX_BLK_EOT
          acl mark_alone internal.htx.nbblks,sub(txn.fields) eq 3
          http-request set-var(txn.fields) req.fhdr_cnt if ended marked
          http-request set-var(txn.empty) bool(true) if ended head_last || ended marked mark_alone
          acl empty var(txn.empty) -m bool
          http-request set-var(txn.bodyless) bool(true) if { method GET HEAD OPTIONS } empty !{ req.fhdr(content-length) -m found } !{ req.fhdr(transfer-encoding) -m found }
          acl bodyless var(txn.bodyless) -m bool
          http-request set-var(txn.rule) str(method) unless bodyless || { method GET HEAD POST PUT PATCH DELETE OPTIONS }
          http-request set-var(txn.rule) str(body-size) if !bodyless { req.hdr_val(content-length) gt {{body}} }
          http-request set-var(txn.rule) str(body-length) if !bodyless { req.fhdr(transfer-encoding) -m found } || !bodyless { method POST PUT PATCH } !{ req.fhdr(content-length) -m found }
          http-request set-var(txn.rule) str(body-length) if { method DELETE } !{ req.fhdr(content-length) -m found } !empty
          http-request set-var(txn.rule) str(request-body) unless bodyless || { method POST PUT PATCH DELETE } || empty !{ req.hdr_val(content-length) gt 0 }
          http-request set-var(txn.rule) str(uri-size) if { pathq,length gt {{uri}} } || { query,field({{tooMany}},&) -m found }
          http-request set-var(txn.rule) str(request-path) unless { var(txn.plain) -m bool } || one_path visible !hidden_byte !hidden_syntax || one_path visible !hidden_byte free_text decoded !decoded_dots decoded_twice !decoded_twice_dots
          http-request set-var(txn.rule) str(request-bytes) unless { req.hdrs -m reg '^[\\t\\r\\n -~\\x80-\\xff]*$' }
          http-request set-var(txn.rule) str(request-headers) if { req.hdr_names -m reg '(?:^|,)(?<name>authorization|content-type|cookie|origin|referer|x-api-key)(?:,.*)?,\\k<name>(?:,|$)' }
          http-request set-var(txn.rule) str(request-host) unless { req.fhdr_cnt(host) 1 } { req.fhdr(host) -m reg '^(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?$' }
          http-request set-var(txn.rule) str(request-target) if http1 !from_root || http1 !{ req.ver 1.0 1.1 } || !http1 !from_root !{ url_beg -i https:// }
          http-request allow if { var(txn.rule) -m found }
          # What a server makes of it, links and keys of caches, is not for a client to vary: the name alone, in lower case.
          http-request set-header Host %[var(txn.host)] unless { req.fhdr(host),strcmp(txn.host) eq 0 }
      """;
}
