package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
  /**
   * Each would add a line, a condition or an expansion to the configuration if it were copied as it
   * is.
   */
  private static final List<String> INJECTIONS =
      List.of(
          "a\nfrontend x",
          "a b",
          "a } or { always_true",
          "a'",
          "a\"",
          "a#",
          "a%[env(X)]",
          "a${X}",
          "a\\",
          "a,b",
          "",
          "a|b",
          "\u0000");

  @Test
  void noTextSettingCanCarryASecondLine() {
    for (var text : INJECTIONS) {
      refused(() -> GatewaySettings.builder(80).publicHosts(text).build());
      refused(() -> new ConsoleAccess(List.of(text), List.of(), List.of(), false));
      refused(() -> new ConsoleAccess(List.of(), List.of(), List.of("/" + text), false));
      refused(() -> new ScopedPath("/" + text, Scope.TILES));
      refused(() -> new Cidr(text));
      refused(() -> new Cidr("10.0.0.0/8x" + text));
      refused(() -> new SessionCookies(text, Duration.ofHours(1)));
      refused(() -> GatewaySettings.builder(80).bindAddress(text + "x").build());
      refused(() -> new GatewayPaths("/x/" + text, "/a", "/a", "/a"));
      if (!text.isEmpty()) {
        // The root itself is a path that a server may answer for its health.
        refused(() -> GatewaySettings.builder(80).serverHealthPath("/" + text).build());
      }
    }
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
    assertThatThrownBy(code).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0/8",
        "256.0.0.1",
        "2001:db8::/129",
        "::g",
        "10.0.0.1/",
        "10.0.0.01/8/8",
        "localhost"
      })
  void badAddressBlocksAreRefused(String text) {
    assertThatThrownBy(() -> new Cidr(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "192.0.2.1",
        "0.0.0.0/0",
        "2001:db8::/32",
        "::/0",
        "::ffff:10.0.0.1"
      })
  void goodAddressBlocksAreTaken(String text) {
    assertThat(new Cidr(text).text()).isEqualTo(text);
  }

  @Test
  void routesCannotOpenTheControlPlane() {
    assertThatThrownBy(() ->
            GatewaySettings.builder(80)
                .routes(List.of(new ScopedPath("/ADMIN/tiles", Scope.TILES)))
                .build())
        .hasMessageContaining("lies below the control plane's /admin");
    assertThatThrownBy(() ->
            GatewaySettings.builder(80).routes(List.of(new ScopedPath("/x", Scope.ADMIN))).build())
        .hasMessageContaining("asks for admin");
    assertThatThrownBy(() ->
            GatewaySettings.builder(80)
                .routes(
                    List.of(new ScopedPath("/x", Scope.TILES), new ScopedPath("/X/", Scope.FONTS)))
                .build())
        .hasMessageContaining("/x and /X/ are the same path");
    assertThatThrownBy(
            () -> GatewaySettings.builder(80).anonymousScopes(Set.of(Scope.ADMIN)).build())
        .hasMessageContaining("never anonymous");
  }

  @Test
  void routesEndAtSegments() {
    var map =
        RouteMap.render(
            List.of(
                new ScopedPath("/Wms", Scope.TILES), new ScopedPath("/v1/tiles/", Scope.TILES)));
    assertThat(map).isEqualTo("/v1/tiles/ tiles|1\n/wms/ tiles|1\n");
  }

  @Test
  void securityTxtFollowsRfc9116() {
    var text = new SecurityTxt(URI.create("mailto:a@example.com"), Optional.empty()).text();
    assertThat(text).startsWith("Contact: mailto:a@example.com\nExpires: %[date(");
    assertThatThrownBy(() -> new SecurityTxt(URI.create("http://a.example"), Optional.empty()))
        .hasMessageContaining("RFC 9116");
    assertThatThrownBy(() -> new SecurityTxt(URI.create("https://a.example/%22"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void problemCodesAreDistinctAndStable() {
    assertThat(GatewayProblem.values())
        .extracting(GatewayProblem::code)
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[a-z0-9-]+"));
    assertThat(GatewayProblem.CONTROL_PLANE.type()).isEqualTo(GatewayProblem.UNKNOWN_PATH.type());
    assertThat(GatewayProblem.CONTROL_PLANE.title() + GatewayProblem.CONTROL_PLANE.detail())
        .isEqualTo(GatewayProblem.UNKNOWN_PATH.title() + GatewayProblem.UNKNOWN_PATH.detail());
    assertThat(GatewayProblem.values())
        .allMatch(problem -> (problem.title() + problem.detail()).matches("[^'\"%\\\\]+"));
  }
}
