package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Removal.lines;
import static io.mapwright.operator.gateway.Removal.text;

import java.util.List;

/** What decides about a request, taken out. */
final class RequestRemovals {
  static final List<Removal> ALL =
      List.of(
          lines("methods", "str(method) unless", ScopeAttacks.all(), "methods"),
          lines("methods of data", "str(method) if", ScopeAttacks.all(), "methods"),
          lines(
              "bodies of DELETE need a length",
              "str(body-length) if { method DELETE }",
              Http2Attacks.all(),
              "body without length"),
          text(
              "trailers",
              "acl head_last internal.htx_blk.type(tail) -m str HTX_BLK_EOH",
              "acl head_last always_true",
              Http2Attacks.all(),
              "trailers"),
          lines("unasked bodies", "str(request-body)", Http2Attacks.all(), "body without length"),
          text(
              "keys that end at a semicolon",
              "(?:^|&)key=[^&]*[;?]",
              "(?:^|&)key=nothing[;?]",
              KeyAttacks.all(),
              "key that some parsers cut"),
          lines(
              "malformed keys named",
              "str(key-malformed) if !opens",
              KeyAttacks.all(),
              "malformed keys"),
          lines(
              "misplaced key where documents keep theirs",
              "|| { path -m sub mpw_pk_ }",
              KeyAttacks.all(),
              "document keeps key when asked to"),
          lines(
              "PROXY protocol from named peers only",
              "tcp-request connection reject unless",
              ConsoleAttacks.all(),
              "PROXY protocol from named peers"),
          lines(
              "misplaced key beside passthrough",
              "set-var(txn.rest) query unless",
              KeyAttacks.all(),
              "document keeps key when asked to"),
          lines(
              "dot segments and odd bytes refused",
              "str(request-path)",
              ConsoleAttacks.all(),
              "path tricks with every scope"),
          text(
              "encoded bytes refused",
              "one_path visible !hidden_byte !hidden_syntax",
              "one_path visible",
              ConsoleAttacks.all(),
              "path tricks with every scope"),
          text(
              "twice decoded paths refused",
              "free_text decoded !decoded_dots decoded_twice !decoded_twice_dots",
              "free_text",
              ConsoleAttacks.all(),
              "path tricks with every scope"),
          lines(
              "slashes merged, escapes resolved",
              "normalize-uri",
              KeyAttacks.all(),
              "percent-encoded key parameter"),
          lines("unknown path is 404", "str(unknown-path)", ScopeAttacks.all(), "unknown paths"),
          lines(
              "control plane gate", "str(control-plane)", ConsoleAttacks.all(), "another address"),
          text(
              "control plane host",
              "if console console_host console_client",
              "if console console_client",
              ConsoleAttacks.all(),
              "path tricks on the public host"),
          text(
              "control plane client certificate",
              "{ ssl_c_used 1 } { ssl_c_verify 0 }",
              "",
              ConsoleAttacks.all(),
              "client certificate required"),
          lines("one host", "str(request-host)", ConsoleAttacks.all(), "host tricks"),
          lines("known hosts only", "str(unknown-host)", ScopeAttacks.all(), "unknown host"),
          lines(
              "origin-form targets only",
              "str(request-target)",
              ConsoleAttacks.all(),
              "absolute and odd targets"),
          lines(
              "control bytes refused",
              "str(request-bytes)",
              SmugglingAttacks.all(),
              "bare CR and NUL"),
          lines(
              "no deciding header twice",
              "str(request-headers)",
              KeyAttacks.all(),
              "one header twice"),
          lines(
              "no chunked bodies",
              "str(body-length)",
              SmugglingAttacks.all(),
              "chunked body is refused"),
          lines("body size", "str(body-size)", LimitAttacks.all(), "large body"),
          lines("URI size", "str(uri-size)", LimitAttacks.all(), "long URI"),
          lines(
              "data headers are a positive list",
              "http-request del-header '^(?!(?:accept(?:-.*)?|cache-control",
              SmugglingAttacks.all(),
              "connection names a header"),
          lines(
              "console headers are a positive list",
              "http-request del-header '^(?!(?:accept(?:-.*)?|access-control",
              ConsoleAttacks.all(),
              "headers to the console"),
          text(
              "console drops upgrades",
              "|upgrade-insecure-requests|",
              "|upgrade|connection|upgrade-insecure-requests|",
              SmugglingAttacks.all(),
              "console takes no upgrade"),
          lines(
              "two keys refused", "str(key-conflict)", KeyAttacks.all(), "two keys in one request"),
          text(
              "key checksum",
              "acl key_summed var(txn.key),bytes(0,35),crc32,sub(txn.sum) eq 0",
              "acl key_summed always_true",
              KeyAttacks.all(),
              "malformed keys"),
          lines("key missing", "str(key-missing)", KeyAttacks.all(), "no key"),
          lines("key unknown", "str(key-unknown)", KeyAttacks.all(), "unknown key"),
          lines("key expiry", "str(key-expired)", KeyAttacks.all(), "expired key"),
          lines("key scope", "str(key-scope)", ScopeAttacks.all(), "every key on every path"),
          lines("key stripped", "set-query", KeyAttacks.all(), "key stripped from query"),
          lines("key stripped, alone", "set-pathq", KeyAttacks.all(), "key stripped from query"),
          lines(
              "key in the wrong place",
              "str(key-misplaced)",
              KeyAttacks.all(),
              "key in the wrong place"),
          lines(
              "nothing before the table",
              "str(not-ready)",
              KeyAttacks.all(),
              "before the table is pushed"),
          lines("foreign origin", "str(origin-denied)", OriginAttacks.all(), "look-alike origins"),
          lines("missing origin", "str(origin-missing)", OriginAttacks.all(), "no origin"),
          text("origins with a star", "!starred", "", OriginAttacks.all(), "look-alike origins"),
          text(
              "wildcard is one label",
              "[A-Za-z0-9_-]+[.]",
              "[^/*]+?[.](?=apps)",
              OriginAttacks.all(),
              "look-alike origins"));

  private RequestRemovals() {}
}
