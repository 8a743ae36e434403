package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Removal.lines;
import static io.mapwright.operator.gateway.Removal.text;

import java.util.List;

/** What guards answers, sessions, resources and the doors themselves, taken out. */
final class AnswerRemovals {
  private static final Removal ANY_NAME =
      text(
          "name in the operator's certificate",
          "acl for_tables ssl_c_s_dn(cn) -m str mapwright-operator",
          "acl for_tables always_true",
          ControlAttacks.all(),
          "certificate of another name");

  private static final Removal ANY_BORROWER =
      lines(
          "borrower of any name",
          "strcmp(sess.own_name)",
          LendingAttacks.all(),
          "a loan for the operator's certificate");

  static final List<Removal> ALL =
      List.of(
          text(
                  "operator's certificate",
                  "verify required ssl-min-ver TLSv1.3",
                  "verify optional ssl-min-ver TLSv1.3",
                  ControlAttacks.all(),
                  "no client certificate")
              .and(ANY_NAME),
          lines(
                  "names in control certificates",
                  "tcp-request content reject",
                  ControlAttacks.all(),
                  "certificate of another name")
              .and(ANY_NAME),
          text(
                  "lender asks for a certificate",
                  "ssl-min-ver TLSv1.3 verify required\n",
                  "ssl-min-ver TLSv1.3 verify none\n",
                  LendingAttacks.all(),
                  "a loan for nobody's certificate")
              .and(ANY_BORROWER),
          lines(
              "name in a borrower's certificate",
              "strcmp(sess.own_name)",
              LendingAttacks.all(),
              "a loan for the operator's certificate"),
          lines(
              "lending connections of one address",
              "sc0_conn_cur gt 64",
              LendingAttacks.all(),
              "idle connections at the lending port"),
          text(
              "borrower asks for a certificate",
              "verify required pool-purge-delay",
              "verify none pool-purge-delay",
              LendingAttacks.all(),
              "a lender that is no gateway"),
          lines(
              "documents with a key stay private",
              "private, no-store",
              KeyAttacks.all(),
              "document keeps key when asked to"),
          lines(
              "CDN headers of documents with a key",
              "x-accel-expires)$' -m reg if { var(txn.passthrough)",
              KeyAttacks.all(),
              "document keeps key when asked to"),
          lines(
              "public is not for restricted answers",
              "http-after-response replace-value Cache-Control",
              OriginAttacks.all(),
              "restricted origin is private"),
          lines(
              "CDN headers of restricted answers",
              "http-after-response del-header '^(?:.+-cache-control",
              OriginAttacks.all(),
              "restricted origin is private"),
          lines(
              "HSTS",
              "Strict-Transport-Security max-age",
              EdgeAttacks.all(),
              "HSTS on every answer"),
          lines(
              "no sniffing",
              "header X-Content-Type-Options nosniff",
              EdgeAttacks.all(),
              "HSTS on every answer"),
          lines("no frames", "X-Frame-Options", ConsoleAttacks.all(), "headers of the console"),
          lines(
              "console's policy",
              "base-uri 'self'",
              ConsoleAttacks.all(),
              "headers of the console"),
          lines(
              "console's referrer",
              "Referrer-Policy",
              ConsoleAttacks.all(),
              "headers of the console"),
          lines(
              "console's opener",
              "Cross-Origin-Opener-Policy",
              ConsoleAttacks.all(),
              "headers of the console"),
          lines(
              "console's resources",
              "Cross-Origin-Resource-Policy same-origin",
              ConsoleAttacks.all(),
              "headers of the console"),
          lines(
              "console is not cached",
              "set-header Cache-Control no-store",
              ConsoleAttacks.all(),
              "headers of the console"),
          lines(
              "problems are no pages",
              "default-src 'none'",
              EdgeAttacks.all(),
              "HSTS on every answer"),
          lines(
              "client's session cookie",
              "http-request del-header cookie",
              CookieAttacks.all(),
              "forged cookies"),
          text(
              "cookie attributes of the server",
              "http-response replace-header Set-Cookie '(?i)^(mapwright_session=.*?)",
              "http-response replace-header Set-Cookie '(?i)^(another=.*?)",
              CookieAttacks.all(),
              "attributes of the server are replaced"),
          lines(
              "every cookie secure",
              "'\\1; Secure'",
              CookieAttacks.all(),
              "attributes of the server are replaced"),
          lines(
              "no session without a signature",
              "http-response del-header set-cookie if signs_in",
              CookieAttacks.all(),
              "no signing key, no session"),
          lines(
              "console's key is not its own token",
              "http-request del-header authorization",
              ConsoleAttacks.all(),
              "console from its own host"),
          lines("slow bodies", "wait-for-body", LimitAttacks.all(), "slow body is cut"),
          text(
              "slow heads",
              "timeout http-request 5s",
              "timeout http-request 20s",
              LimitAttacks.all(),
              "slow headers are cut"),
          text(
              "number of headers",
              "tune.http.maxhdr 64",
              "tune.http.maxhdr 1000",
              LimitAttacks.all(),
              "too many headers"),
          lines(
              "server's CORS headers",
              "http-response del-header '^(?:access-control",
              OriginAttacks.all(),
              "server's own CORS headers are dropped"),
          lines(
              "restricted answers stay private",
              "Cache-Control private unless",
              OriginAttacks.all(),
              "whatever the server tells caches"),
          lines(
              "Set-Cookie of data",
              "http-response del-header set-cookie",
              CookieAttacks.all(),
              "data paths have no cookies"),
          text(
              "cookie signature",
              "{ var(txn.genuine) -m bool }",
              "",
              CookieAttacks.all(),
              "forged cookies"),
          text(
              "cookie age",
              "{ var(txn.age) -m int le 604800 }",
              "",
              CookieAttacks.all(),
              "old and future cookies"),
          lines(
              "ambiguous cookie refused",
              "str(cookie-ambiguous)",
              CookieAttacks.all(),
              "odd spellings"),
          lines(
              "cookie signed on its way out",
              "http-response replace-header Set-Cookie '(?i)^mapwright_session=[^;]*",
              CookieAttacks.all(),
              "cookie leaves signed"),
          lines("sign-in throttling", "str(logins)", ConsoleAttacks.all(), "sign-in throttling"),
          lines("burst", "str(rate-burst)", LimitAttacks.all(), "burst at once"),
          lines("average", "str(rate-sustained)", LimitAttacks.all(), "average over ten seconds"),
          lines("per client", "str(rate-client)", LimitAttacks.all(), "per client address"),
          lines(
              "cost of a route",
              "set-var(txn.cost) int(5)",
              LimitAttacks.all(),
              "a route costs more than a tile"),
          lines(
              "bad-key flood",
              "str(bad-keys)",
              LimitAttacks.all(),
              "flood of bad keys leaves good keys alone"),
          lines(
              "connections per address",
              "sc0_conn_cur",
              LimitAttacks.all(),
              "connections of one address"),
          lines(
              "plain http with a key", "str(plain-http)", EdgeAttacks.all(), "key over plain http"),
          lines(
              "TLS ciphers",
              "ssl-default-bind-ciphers ",
              EdgeAttacks.all(),
              "TLS 1.2 without AEAD"),
          ANY_NAME,
          text(
              "filter of commands about tables",
              "/tables.sock\n",
              "/admin.sock\n",
              ControlAttacks.all(),
              "commands that are nobody's"),
          text(
              "filter of commands about certificates",
              "/certificates.sock\n",
              "/admin.sock\n",
              ControlAttacks.all(),
              "commands that are nobody's"),
          lines(
              "places of one address on the control port",
              "sc0_conn_cur gt 16",
              ControlAttacks.all(),
              "idle connections of one address"),
          lines(
              "deadline of the handshake on the control port",
              "timeout client 5s",
              ControlAttacks.all(),
              "a handshake that never ends"),
          lines(
              "control port from outside only",
              "connection reject if { src 127.0.0.0/8",
              ControlAttacks.all(),
              "the control port from inside the pod"),
          lines("table too old", "str(table-stale)", KeyAttacks.all(), "table that is too old"),
          text(
              "table that may be too old",
              "key_current table_trusted",
              "key_current",
              KeyAttacks.all(),
              "table that is too old"),
          lines(
              "ports that are not shared",
              "noreuseport",
              PortAttacks.all(),
              "a second listener on a port of the gateway"));

  private AnswerRemovals() {}
}
