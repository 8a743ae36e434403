package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.stream.Collectors;

/**
 * The key of the request: found, checked, looked up by its digest, and taken out of the request.
 */
final class KeyRules {
  private KeyRules() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    return new Template(TEXT)
        .with("keys", paths.map(GatewayMap.KEYS))
        .with("meta", paths.map(GatewayMap.META))
        .with("shape", ApiKeyFormat.REGEX)
        .with("checked", ApiKeyFormat.CHECKED_LENGTH)
        .with("keyless", keyless(settings))
        .with("origin", DecisionLog.origin("http-request"))
        .with("strip", settings.keyPassthrough() ? STRIP_UNLESS_DOCUMENT : STRIP)
        .done();
  }

  private static String keyless(GatewaySettings settings) {
    var words =
        settings.anonymousScopes().stream()
            .sorted()
            .map(Scope::text)
            .collect(Collectors.joining(" "));
    return "admin" + (words.isEmpty() ? "" : " " + words);
  }

  private static final String STRIP =
      """
          # Neither the server nor its log sees the key. Mostly it is all that the query holds.
          http-request set-pathq %[path] if { query -m reg ^key=[^&]*$ }
          http-request set-var(txn.rest) 'query,regsub("(^|&)key=[^&]*","",g),regsub("^&","")' if { query -m reg (^|&)key= }
          http-request set-query %[var(txn.rest)] if { var(txn.rest),length gt 0 }
          http-request set-pathq %[path] if { var(txn.rest),length eq 0 }
          http-request set-var(txn.rule) str(key-misplaced) if { pathq -m sub mpw_pk_ }
      """;

  // tileserver-gl copies ?key= into the URLs of the TileJSON and styles that it serves.
  private static final String STRIP_UNLESS_DOCUMENT =
      """
          # The server writes the caller's key into the URLs of its JSON documents; for all else it never sees one.
          http-request set-var(txn.passthrough) bool(true) if { path_end -i .json } !console
          acl passthrough var(txn.passthrough) -m bool
          http-request set-var(txn.rest) 'query,regsub("(^|&)key=[^&]*","",g),regsub("^&","")' if { query -m reg (^|&)key= }
          http-request set-query %[var(txn.rest)] if { var(txn.rest),length gt 0 } !passthrough
          http-request set-pathq %[path] if { var(txn.rest),length eq 0 } !passthrough
          http-request set-var(txn.rest) query unless { var(txn.rest) -m found }
          http-request set-var(txn.rule) str(key-misplaced) if { var(txn.rest) -m sub mpw_pk_ } || { path -m sub mpw_pk_ }
      """;

  private static final String TEXT =
      """

          # --- preflight: carries no key by design of the Fetch standard, so it says nothing about one
      {{origin}}\
          acl preflight method OPTIONS
          http-request set-var(txn.rule) str(preflight) if preflight !console { var(txn.origin) -m found } { req.fhdr(access-control-request-method) -m found }
          http-request allow if preflight { var(txn.rule) -m found }

          # --- key
          acl has_key var(txn.key) -m found
          acl key_known var(txn.entry) -m found
          acl key_shaped var(txn.key) -m reg '^{{shape}}$'
          acl key_summed var(txn.key),bytes(0,{{checked}}),crc32,sub(txn.sum) eq 0
          acl keyless_ok var(txn.scope) -m str {{keyless}}
          # The first key= of the query, then any other that differs from it; looked for where there is another.
          acl query_keys query -m sub &key=
          acl query_keys_differ query -m reg '^(?>(?:[^&]*&)*?key=)(?<first>[^&]*)(?:&.*)?&key=(?!\\k<first>(?:&|$))'
          http-request set-var(txn.key) url_param(key)
          # The console may have tokens of its own.
          http-request set-var(txn.bearer) req.fhdr(authorization),bytes(7) if { req.fhdr(authorization) -m beg -i 'bearer mpw_pk_' } || !console { req.fhdr(authorization) -m beg -i 'bearer ' }
          http-request set-var(txn.header_key) req.fhdr(x-api-key)
          acl bearer var(txn.bearer) -m found
          acl header_key var(txn.header_key) -m found
          http-request set-var(txn.rule) str(key-conflict) if query_keys query_keys_differ || bearer has_key !{ var(txn.bearer),strcmp(txn.key) eq 0 } || header_key has_key !{ var(txn.header_key),strcmp(txn.key) eq 0 } || header_key bearer !{ var(txn.header_key),strcmp(txn.bearer) eq 0 }
          # Some parsers end a parameter at ";" or "?", others do not: such a key has two meanings.
          http-request set-var(txn.rule) str(key-malformed) if !{ var(txn.plain) -m bool } { query -m reg '(?:^|&)key=[^&]*[;?]|[;?]key=' }
          http-request set-var(txn.key) var(txn.bearer) if bearer !has_key
          http-request set-var(txn.key) var(txn.header_key) if header_key !has_key
      {{strip}}\
          http-request allow if { var(txn.rule) -m found }
          http-request set-var(txn.entry) var(txn.key),sha2(256),hex,map_str({{keys}}) if key_shaped
          # A key that is in the table is no look-alike; the sum tells one that is not from one that was mistyped.
          http-request set-var(txn.sum) var(txn.key),bytes({{checked}},8),hex2i unless key_known
          http-request set-var(txn.kid) var(txn.entry),field(1,|)
          http-request set-var(txn.not_after) var(txn.entry),field(3,|)
          acl key_scoped var(txn.entry),field(2,|),and(txn.bit) gt 0
          acl key_current date,sub(txn.not_after) le 0
          # Without its operator a gateway hears of no revocation: after a time it opens for no key.
          acl table_trusted date,sub(txn.trusted) le 0
          http-request set-var(txn.trusted) str(trusted),map_str({{meta}})
          http-request set-var(txn.opens) bool(true) if key_scoped key_current table_trusted
          acl opens var(txn.opens) -m bool
          http-request set-var(txn.rule) str(key-missing) unless opens || has_key || keyless_ok
          http-request set-var(txn.rule) str(key-scope) if !opens has_key !key_scoped
          http-request set-var(txn.rule) str(key-expired) if !opens has_key !key_current
          http-request set-var(txn.rule) str(key-unknown) if !opens has_key !key_known
          http-request set-var(txn.rule) str(table-stale) if !opens has_key !table_trusted
          http-request set-var(txn.rule) str(key-malformed) if !opens has_key !key_known !key_shaped || !opens has_key !key_known !key_summed
          # The console has no origins and no rates of a key: its own backend continues from here.
          http-request allow if { var(txn.rule) -m found } || console
      """;
}
