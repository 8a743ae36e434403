package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.ClientAddressLog;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The settings whose configuration is kept, by folder name. */
final class GoldenCases {
  private GoldenCases() {}

  static Map<String, GatewaySettings> all() {
    var office = List.of(new Cidr("192.0.2.0/24"), new Cidr("2001:db8::/32"));
    var console =
        new ConsoleAccess(
            List.of("admin.example.com"), office, ConsoleAccess.DEFAULT_PREFIXES, false);
    var cases = new TreeMap<String, GatewaySettings>();
    cases.put("defaults", GatewaySettings.builder(8080).build());
    cases.put(
        "console-for-an-office",
        GatewaySettings.builder(8080)
            .publicHosts("maps.example.com")
            .controlPlane(console)
            .build());
    cases.put(
        "console-with-client-certificate",
        GatewaySettings.builder(8080)
            .publicHosts("maps.example.com")
            .controlPlane(
                new ConsoleAccess(console.hosts(), office, List.of("/admin", "/console"), true))
            .sessions(new SessionCookies("console", Duration.ofHours(12)))
            .build());
    cases.put(
        "behind-a-named-proxy",
        GatewaySettings.builder(8080)
            .clientAddress(new ClientIpSource.ForwardedHeader(office))
            .auditAddress(ClientAddressLog.Full)
            .build());
    cases.put(
        "behind-proxy-protocol",
        GatewaySettings.builder(8080)
            .clientAddress(new ClientIpSource.ProxyProtocol(office))
            .auditAddress(ClientAddressLog.None)
            .build());
    cases.put(
        "anonymous-fonts-dry-run",
        GatewaySettings.builder(8080)
            .anonymousScopes(Set.of(Scope.FONTS, Scope.STYLES))
            .limits(Limits.DEFAULTS.withDryRun(true))
            .keyPassthrough(true)
            .tls13Only(true)
            .serverHealthPath("/health")
            .disclosure(
                new SecurityTxt(
                    URI.create("mailto:security@example.com"),
                    Optional.of(URI.create("https://example.com/policy"))))
            .build());
    return cases;
  }
}
