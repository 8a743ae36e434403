package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Admits the usual request, a GET of a plain path with a good key in its query, by the fewest
 * look-ups (decision 0043). It refuses nothing: whatever it does not admit meets all the rules
 * below it, as if it were not there. So all that it admits, those rules must admit too, and each of
 * its conditions stands for some of theirs.
 *
 * <p>The rules of TCP content come before all rules of HTTP, and one {@code accept} leaves the rest
 * of them out.
 */
final class FastPathRules {
  private FastPathRules() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    if (settings.clientAddress() instanceof ClientIpSource.ForwardedHeader) {
      // No request with such a header is a usual one, and whose it is comes from rules of HTTP. The
      // rules about origins need what is said here all the same.
      return "\n" + OriginRules.ACLS;
    }
    return new Template(TEXT)
        .with("document", settings.keyPassthrough() ? "(?<![.][jJ][sS][oO][nN])" : "")
        .with("key", ApiKeyFormat.REGEX)
        .with("hosts", hosts(settings))
        .with("keys", paths.map(GatewayMap.KEYS))
        .with("meta", paths.map(GatewayMap.META))
        .with("shares", paths.map(GatewayMap.SHARES))
        .with("routes", paths.routes())
        .with("opens", opens(settings.limits()))
        .with("origin", DecisionLog.origin("tcp-request content"))
        .with("anyPage", ScopeBits.ANY_PAGE)
        .with("acls", OriginRules.ACLS)
        .with("pages", OriginRules.pages("tcp-request content", paths))
        .done();
  }

  /** As the Host header goes on unchanged: in lower case, without port. */
  private static String hosts(GatewaySettings settings) {
    return settings.publicHosts().isEmpty()
        ? "[a-z0-9.-]+"
        : settings.publicHosts().stream()
            .sorted()
            .map(host -> host.replace(".", "[.]"))
            .collect(Collectors.joining("|", "(?:", ")"));
  }

  /** What costs more than one request, and the console, have more to be asked. */
  private static String opens(Limits limits) {
    return Arrays.stream(Scope.values())
        .filter(scope -> scope != Scope.ADMIN && limits.cost(scope) == 1)
        .map(scope ->
            "{ var(txn.scope) -m str %s } { var(txn.entry),field(2,|),and(%2$d) eq %2$d }"
                .formatted(scope.text(), ScopeBits.bit(scope) | ScopeBits.ONE_LIMIT))
        .collect(Collectors.joining(" || "));
  }

  private static final String TEXT =
      """

          # --- fast path: admits the usual request, refuses none
          acl fast_method method GET
          # Without a body, and nothing to follow.
          acl fast_end internal.htx.has_eom
          acl fast_tail internal.htx_blk.type(tail) -m str HTX_BLK_EOH
          # A plain path, below which a key is all of the query.
          acl fast_http1 req.ver 1.1
          acl fast_path1 url -m reg '^(?=.{1,256}$)(?:/(?:[A-Za-z0-9~@,:+=-]|_(?!pk_))(?:[A-Za-z0-9.~@,:+=-]++|_(?!pk_))*+)+/?{{document}}\\?key={{key}}$'
          acl fast_http2 fc_http_major 2
          acl fast_path2 url -m reg '^https://[a-z0-9.-]+(?=.{1,256}$)(?:/(?:[A-Za-z0-9~@,:+=-]|_(?!pk_))(?:[A-Za-z0-9.~@,:+=-]++|_(?!pk_))*+)+/?{{document}}\\?key={{key}}$'
          # Headers that decide nothing, one Host, one Origin and one Referer at the most.
          acl fast_head req.hdrs -m reg '^(?:(?:accept(?:-encoding|-language)?|cache-control|dnt|if-(?:modified-since|none-match)|pragma|priority|save-data|sec-[a-z-]+|upgrade-insecure-requests|user-agent): [ -~]*\\r\\n|connection: (?:close|keep-alive)\\r\\n|(?(<host>)(?!)|(?<host>host: {{hosts}}\\r\\n))|(?(<origin>)(?!)|(?<origin>origin: [ -~]*\\r\\n))|(?(<referer>)(?!)|(?<referer>referer: [ -~]*\\r\\n)))++(?(<host>)|(?!))(?:\\r\\n)?$'
          tcp-request content set-var(txn.entry) url_param(key),sha2(256),hex,map_str({{keys}}) if fast_method fast_end fast_tail fast_http1 fast_path1 fast_head || fast_method fast_end fast_tail fast_http2 fast_path2 fast_head
          tcp-request content accept unless { var(txn.entry) -m found }
          tcp-request content set-var(txn.scope) path,lower,concat(/),map_beg({{routes}}),field(1,|)
          tcp-request content accept unless {{opens}}
          tcp-request content set-var(txn.replicas) str(ready),map_str({{meta}})
          tcp-request content set-var(txn.now) date
          acl fast_ready var(txn.replicas) -m int gt 0
          acl fast_current var(txn.entry),field(3,|),sub(txn.now) ge 0
          acl fast_trusted str(trusted),map_str({{meta}}),sub(txn.now) ge 0
          tcp-request content accept unless fast_ready fast_current fast_trusted
          # HAProxy warns at a counter that no request chooses, and sees none behind a variable: hence the version, and the delay that
          # rules about a request must have. The head is complete before they are asked.
          tcp-request inspect-delay 1ms
          # The share of one of several replicas; one that is less than a request leaves no room here.
          tcp-request content set-var(txn.kid) var(txn.entry),field(1,|)
          tcp-request content set-var(txn.burst) var(txn.entry),field(4,|),div(txn.replicas)
          tcp-request content set-var(txn.sustained) var(txn.entry),field(5,|),div(txn.replicas)
          tcp-request content track-sc1 req.ver,concat(|,txn.kid),field(2,|) table keys
          tcp-request content set-var(txn.used) sc1_gpc1_rate,add(1)
          acl fast_burst sc1_gpc0_rate,add(1),sub(txn.burst) le 0
          acl fast_sustained var(txn.used),sub(txn.sustained) le 0
          # Part of what is its own may be lent, as lending.lua keeps in that map.
          acl fast_own var(txn.replicas) -m int 1
          acl fast_own var(txn.kid),map_str({{shares}},none) -m str none
          tcp-request content accept unless fast_burst fast_sustained fast_own
      {{origin}}\
          # The method, as a line of the log has it, says that the request is admitted.
          tcp-request content set-var(txn.method) str(GET) if { var(txn.entry),field(2,|),and({{anyPage}}) gt 0 }
          acl fast var(txn.method) -m found
          tcp-request content accept if fast
      {{acls}}\
          tcp-request content set-var(txn.restricted) bool(true)
      {{pages}}\
          tcp-request content set-var(txn.method) str(GET) if origin_allowed || !{ var(txn.from) -m found } missing_allowed
          http-request set-pathq %[path] if fast
          http-request allow if fast
      """;
}
