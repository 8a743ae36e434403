package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Proves that the attacks can fail: with one protection taken out of the configuration, a named
 * attack succeeds.
 */
@Timeout(120)
class RemovedProtectionIT {

  /** What is taken out, and the attack that must then get through. */
  private record Removal(String protection, UnaryOperator<String> edit, Attack attack) {}

  private static final List<Removal> REMOVALS =
      List.of(
          lines(
              "dot segments and odd bytes refused",
              "str(request-path)",
              ConsoleAttacks.all(),
              "path tricks with every scope"),
          text(
              "encoded bytes refused",
              "hidden_byte || hidden_syntax !free_text",
              "{ always_false }",
              ConsoleAttacks.all(),
              "path tricks with every scope"),
          text(
              "twice decoded paths refused",
              "if hidden_syntax decoded_dots || hidden_syntax decoded_twice_dots",
              "if { always_false }",
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
              "http-request del-header '^(?!",
              SmugglingAttacks.all(),
              "connection names a header"),
          text(
              "console drops upgrades",
              "connection|upgrade|",
              "",
              SmugglingAttacks.all(),
              "console takes no upgrade"),
          lines(
              "odd header names dropped",
              "http-restrict-req-hdr-names",
              KeyAttacks.all(),
              "underscore header names"),
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
              "[^./*]+[.]",
              "[^/*]+?[.](?=apps)",
              OriginAttacks.all(),
              "look-alike origins"),
          lines(
              "server's CORS headers",
              "http-response del-header '^(?:access-control",
              OriginAttacks.all(),
              "server's own CORS headers are dropped"),
          lines(
              "restricted answers stay private",
              "Cache-Control private if restricted",
              OriginAttacks.all(),
              "restricted origin is private"),
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
          text(
              "name in the operator's certificate",
              "acl for_tables ssl_c_s_dn(cn) -m str mapwright-operator",
              "acl for_tables always_true",
              ControlAttacks.all(),
              "certificate of another name"),
          text(
              "level of the tables socket",
              "level user",
              "level admin",
              ControlAttacks.all(),
              "tables client is no administrator"));

  private static Removal lines(
      String protection, String part, List<Attack> attacks, String attack) {
    return new Removal(
        protection,
        config -> {
          var kept =
              config
                  .lines()
                  .filter(line -> !line.contains(part))
                  .collect(Collectors.joining("\n", "", "\n"));
          return changed(protection, config, kept);
        },
        named(attacks, attack));
  }

  private static Removal text(
      String protection, String text, String instead, List<Attack> attacks, String attack) {
    return new Removal(
        protection,
        config -> changed(protection, config, config.replace(text, instead)),
        named(attacks, attack));
  }

  private static String changed(String protection, String before, String after) {
    if (before.equals(after)) {
      throw new IllegalStateException("nothing to remove for: " + protection);
    }
    return after;
  }

  private static Attack named(List<Attack> attacks, String name) {
    return attacks.stream().filter(attack -> attack.name().equals(name)).findFirst().orElseThrow();
  }

  @TestFactory
  Stream<DynamicNode> attackSucceedsWithoutProtection() {
    return GatewayAttackIT.onEach(haproxy ->
        REMOVALS.stream()
            .map(removal ->
                DynamicTest.dynamicTest(removal.protection(), () -> run(haproxy, removal))));
  }

  private static void run(Path haproxy, Removal removal) throws Exception {
    try (var gateway = new Gateway(haproxy, removal.attack().settings(), removal.edit())) {
      gateway.push(Table.entries());
      assertThatThrownBy(() -> removal.attack().check().run(gateway))
          .as("without: " + removal.protection())
          .isInstanceOfAny(AssertionError.class, java.util.NoSuchElementException.class);
    }
  }
}
