package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Removal.text;

import java.util.List;

/** Each condition of the fast path, taken out: it then admits what the rules below it refuse. */
final class FastPathRemovals {
  static final List<Removal> ALL =
      List.of(
          always("method", "method GET", ScopeAttacks.all(), "methods"),
          always("end", "internal.htx.has_eom", FastPathAttacks.all(), "usual head, late trailers"),
          always(
              "tail",
              "internal.htx_blk.type(tail) -m str HTX_BLK_EOH",
              Http2Attacks.all(),
              "body without length"),
          always(
              "http1",
              "req.ver 1.1",
              FastPathAttacks.all(),
              "usual request in words of another version"),
          always("own", "var(txn.", LendingAttacks.all(), "a part that was lent"),
          always("http2", "fc_http_major 2", ConsoleAttacks.all(), "absolute and odd targets"),
          text("fast path: one key", "_(?!pk_)", "_", KeyAttacks.all(), "key in the wrong place"),
          text(
              "fast path: plain path over HTTP/1.1",
              "'^(?=.{1,256}$)(?:/(?:[A-Za-z0-9~@,:+=-]|_(?!pk_))(?:[A-Za-z0-9.~@,:+=-]++|_(?!pk_))*+)+/?",
              "'^/.*",
              FastPathAttacks.all(),
              "odd paths of a usual request"),
          text(
              "fast path: plain path over HTTP/2",
              "+(?=.{1,256}$)(?:/(?:[A-Za-z0-9~@,:+=-]|_(?!pk_))(?:[A-Za-z0-9.~@,:+=-]++|_(?!pk_))*+)+/?",
              "+/.*",
              FastPathAttacks.all(),
              "odd paths of a usual request over HTTP/2"),
          text(
              "fast path: length of the target",
              "(?=.{1,256}$)",
              "",
              FastPathAttacks.all(),
              "long path of a usual request"),
          text(
              "fast path: whole query",
              "[0-9a-f]{8}$'",
              "[0-9a-f]{8}'",
              KeyAttacks.all(),
              "two keys in one request"),
          text(
              "fast path: headers",
              "'^(?:(?:accept",
              "'^(?:(?:x-api-key|accept",
              KeyAttacks.all(),
              "two keys in one request"),
          text(
              "fast path: values of headers",
              "user-agent): [ -~]*",
              "user-agent): [^\\n]*",
              FastPathAttacks.all(),
              "control bytes in a usual request"),
          text(
              "fast path: one host",
              "host: (?:maps[.]example[.]com)",
              "host: [^\\r]*",
              ScopeAttacks.all(),
              "unknown host"),
          text(
              "fast path: one origin",
              "(?(<origin>)(?!)|",
              "(?:",
              FastPathAttacks.all(),
              "two origins in a usual request"),
          text(
              "fast path: documents",
              "(?<![.][jJ][sS][oO][nN])",
              "",
              FastPathAttacks.all(),
              "usual request for a document"),
          text(
              "fast path: one referer",
              "(?(<referer>)(?!)|",
              "(?:",
              FastPathAttacks.all(),
              "two referers in a usual request"),
          always(
              "ready",
              "var(txn.replicas) -m int gt 0",
              KeyAttacks.all(),
              "before the table is pushed"),
          always(
              "current",
              "var(txn.entry),field(3,|),sub(txn.now) ge 0",
              KeyAttacks.all(),
              "expired key"),
          always("trusted", "str(trusted),map_str(", KeyAttacks.all(), "table that is too old"),
          always(
              "burst",
              "sc1_gpc0_rate,add(1),sub(txn.burst) le 0",
              LimitAttacks.all(),
              "burst at once"),
          always(
              "sustained",
              "var(txn.used),sub(txn.sustained) le 0",
              LimitAttacks.all(),
              "average over ten seconds"),
          text(
              "fast path: share of a replica",
              ",div(txn.replicas)\n    tcp-request",
              "\n    tcp-request",
              LimitAttacks.all(),
              "one of three replicas admits a third"),
          text(
              "fast path: scopes of a key",
              ",and(33) eq 33",
              " -m found",
              ScopeAttacks.all(),
              "every key on every path"),
          text(
              "fast path: pages that may",
              " if origin_allowed || !{ var(txn.from) -m found } missing_allowed",
              "",
              OriginAttacks.all(),
              "look-alike origins"),
          text(
              "fast path: pages beside apps",
              " || !{ var(txn.from) -m found } missing_allowed",
              " || missing_allowed",
              OriginAttacks.all(),
              "foreign origin, apps allowed"),
          text(
              "fast path: apps that may",
              " || !{ var(txn.from) -m found } missing_allowed",
              " || !{ var(txn.from) -m found }",
              OriginAttacks.all(),
              "no origin"),
          text(
              "fast path: keys with pages",
              ",and(64) gt 0 }",
              ",and(1) gt 0 }",
              OriginAttacks.all(),
              "look-alike origins"));

  private FastPathRemovals() {}

  /** Takes the acl of this name for granted. */
  private static Removal always(String name, String test, List<Attack> attacks, String attack) {
    var acl = "acl fast_" + name + " ";
    return Removal.edited(
        "fast path: " + name,
        config ->
            config
                .lines()
                .map(line ->
                    line.strip().startsWith(acl + test) ? "    " + acl + "always_true" : line)
                .collect(java.util.stream.Collectors.joining("\n", "", "\n")),
        attacks,
        attack);
  }
}
