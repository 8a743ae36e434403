package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A line that refuses, removes or rewrites something has a negative control: a removal that touches
 * it, whose attack must then succeed. So a new protection without one fails here.
 */
class ProtectionsAreControlledTest {
  private static final Pattern PROTECTION =
      Pattern.compile(
          "^acl fast_|^tcp-request content accept unless \\{ var\\(txn\\.scope|set-var\\(txn\\.rule\\) str\\((?!preflight)|^tcp-request .* reject |^http-response deny |del-header"
              + "|replace-header|replace-value|normalize-uri|restrict-req-hdr|wait-for-body|timeout http-request"
              + "|maxhdr|^noreuseport|^timeout client 5s|bind-options|bind-ciphers |verify required|^server filter"
              + "|^http-after-response (?:set|add)-header (?:Strict|X-Content|X-Frame|Content-Sec|Referrer|Cross-Origin-Op"
              + "|Cache-Control|Cross-Origin-Resource-Policy same)"
              + "|^http-response set-header Cache-Control");

  /** Kept although nothing gets through without them on every version that is tested. */
  private static final Map<String, String> SECOND_LINES =
      Map.of(
          "option http-restrict-req-hdr-names delete",
          "no list of what goes on has such a name",
          "http-response deny deny_status 502 if { status 101 }",
          "HAProxy 3.2 joins no tunnel that nobody asked for; 2.6 and 3.0 do",
          "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets",
          "Debian's OpenSSL refuses TLS 1.1 by its security level");

  @Test
  void everyProtectionHasANegativeControl() {
    var controlled = new HashSet<String>();
    for (var removal : Removal.all()) {
      var before = render(removal.attack().settings());
      var after = Set.copyOf(lines(removal.edit().apply(before)));
      lines(before).stream().filter(line -> !after.contains(line)).forEach(controlled::add);
    }
    var everything =
        render(settings ->
            settings
                .keyPassthrough(true)
                .anonymousScopes(Set.of(Scope.FONTS))
                .clientAddress(new ClientIpSource.ProxyProtocol(List.of(new Cidr("127.0.0.2")))));
    assertThat(lines(everything))
        .filteredOn(line -> PROTECTION.matcher(line).find() && !controlled.contains(line))
        .filteredOn(line -> !SECOND_LINES.containsKey(line))
        .isEmpty();
    assertThat(controlled)
        .filteredOn(line -> PROTECTION.matcher(line).find())
        .hasSizeGreaterThan(50);
  }

  private static String render(UnaryOperator<GatewaySettings.Builder> change) {
    var console =
        new ConsoleAccess(
            List.of("admin.example.com"),
            List.of(new Cidr("10.0.0.0/8")),
            ConsoleAccess.DEFAULT_PREFIXES,
            false);
    var settings =
        change
            .apply(
                GatewaySettings.builder(8080).publicHosts("maps.example.com").controlPlane(console))
            .build();
    return HaproxyConfig.render(settings, GatewayPaths.DEFAULTS);
  }

  /** What differs from settings to settings is made the same. */
  private static List<String> lines(String config) {
    return config
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("#") && !line.startsWith("http-request return"))
        .map(line ->
            line.replaceAll("gt [0-9]+", "gt N").replace("session reject", "connection reject"))
        .toList();
  }
}
