package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.KeyAttacks.refused;
import static io.mapwright.operator.gateway.Table.ADMIN;
import static io.mapwright.operator.gateway.Table.EVERYTHING;
import static io.mapwright.operator.gateway.Table.STYLES;
import static io.mapwright.operator.gateway.Table.TILES;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which path needs which scope, and that what is not routed does not exist. */
final class ScopeAttacks {
  private static final Map<String, Scope> PATHS =
      Map.ofEntries(
          Map.entry("/v1/tiles/a/1/2/3.mvt", Scope.TILES),
          Map.entry("/tiles/a/1/2/3.png", Scope.TILES),
          Map.entry("/v4/a/tilequery/1,2.json", Scope.TILES),
          Map.entry("/v1/geocode/Gen%C3%A8ve", Scope.TILES),
          Map.entry("/v1/elevation/1,2", Scope.TILES),
          Map.entry("/wms", Scope.TILES),
          Map.entry("/wmts/a/1", Scope.TILES),
          Map.entry("/collections", Scope.TILES),
          Map.entry("/data/v3.json", Scope.TILES),
          Map.entry("/data/v3/1/2/3.pbf", Scope.TILES),
          Map.entry("/geolocation/ip.json", Scope.TILES),
          Map.entry("/v1/styles/a.json", Scope.STYLES),
          Map.entry("/styles/a/style.json", Scope.STYLES),
          Map.entry("/maps/a/style.json", Scope.STYLES),
          Map.entry("/v1/static/a/1,2,3/400x300.png", Scope.STYLES),
          Map.entry("/fonts/Noto%20Sans,Arial/0-255.pbf", Scope.FONTS),
          Map.entry("/v1/route/driving/1.5,2;-3,4", Scope.ROUTING),
          Map.entry("/directions/v5/mapbox/driving/1,2;3,4", Scope.ROUTING));

  private ScopeAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("every key on every path", ScopeAttacks::matrix),
        Attack.of("path in another case", ScopeAttacks::otherCase),
        Attack.of("unknown paths", ScopeAttacks::unknown),
        Attack.of("prefix ends at a segment", ScopeAttacks::segments),
        Attack.of("methods", ScopeAttacks::methods),
        Attack.of(
            "admin key on data",
            gw ->
                refused(
                    gw, gw.get("/v1/tiles/a/1/2/3.mvt?key=" + ADMIN.value()), 403, "key-scope")),
        Attack.of(
            "security.txt",
            settings -> settings.disclosure(disclosure()),
            ScopeAttacks::securityTxt),
        Attack.of("unknown host", ScopeAttacks::hosts),
        Attack.of("a host of the client's spelling", ScopeAttacks::spelledHosts));
  }

  private static SecurityTxt disclosure() {
    return new SecurityTxt(
        java.net.URI.create("mailto:security@example.com"),
        java.util.Optional.of(java.net.URI.create("https://example.com/policy")));
  }

  private static void matrix(Gateway gw) {
    for (var path : PATHS.entrySet()) {
      for (var key : Map.of(TILES, Scope.TILES, STYLES, Scope.STYLES).entrySet()) {
        int expected = key.getValue() == path.getValue() ? 200 : 403;
        var reply = gw.get(path.getKey() + "?key=" + key.getKey().value());
        assertThat(reply.status()).as(path.getKey() + " " + key.getValue()).isEqualTo(expected);
      }
      assertThat(gw.get(path.getKey() + "?key=" + EVERYTHING.value()).status())
          .as(path.getKey())
          .isEqualTo(200);
      assertThat(gw.server.seen().getLast().target())
          .as("unchanged on its way")
          .isEqualTo(path.getKey());
      assertThat(gw.get(path.getKey()).status()).as(path.getKey()).isEqualTo(401);
    }
  }

  private static void otherCase(Gateway gw) {
    refused(gw, gw.get("/V1/Route/driving/1,2;3,4?key=" + TILES.value()), 403, "key-scope");
    assertThat(gw.get("/V1/TILES/A/1/2/3.mvt?key=" + TILES.value()).status()).isEqualTo(200);
    assertThat(gw.server.seen().getLast().target()).startsWith("/V1/TILES/A/");
  }

  private static void unknown(Gateway gw) {
    for (var path :
        List.of(
            "/",
            "/v1",
            "/v1/",
            "/v1/unknown/x",
            "/metrics",
            "/keys/k123",
            "/decisions",
            "/favicon.ico",
            "/.git/config",
            "/.env",
            "/health",
            "/stats")) {
      refused(gw, gw.get(path + "?key=" + EVERYTHING.value()), 404, "unknown-path");
      refused(gw, gw.get(path), 404, "unknown-path");
    }
  }

  private static void segments(Gateway gw) {
    for (var path : List.of("/wmsx", "/wms.xml", "/tiles.json", "/v1/tilesx/1", "/data.jsonx")) {
      refused(gw, gw.get(path + "?key=" + EVERYTHING.value()), 404, "unknown-path");
    }
  }

  private static void methods(Gateway gw) {
    for (var method :
        List.of("TRACE", "CONNECT", "PROPFIND", "get", "FOO", "PATCH", "PUT", "DELETE", "PRI")) {
      var reply = gw.request(method, "/v1/tiles/a/1/2/3.mvt?key=" + TILES.value());
      assertThat(reply.status()).as(method).isIn(400, 405, 0);
    }
    assertThat(gw.server.seen()).isEmpty();
    var reply = gw.request("TRACE", "/v1/tiles/a/1/2/3.mvt");
    assertThat(reply.header("allow").orElse("").toUpperCase(Locale.ROOT)).contains("GET");
  }

  private static void securityTxt(Gateway gw) {
    var reply = gw.get("/.well-known/security.txt");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-type")).contains("text/plain; charset=utf-8");
    assertThat(reply.body())
        .matches(
            "Contact: mailto:security@example.com\nExpires: [0-9T:-]{19}Z\nPolicy: https://example.com/policy\n");
    var expires = java.time.Instant.parse(reply.body().replaceAll("(?s).*Expires: (\\S+).*", "$1"));
    assertThat(expires)
        .isBetween(
            java.time.Instant.now().plus(java.time.Duration.ofDays(89)),
            java.time.Instant.now().plus(java.time.Duration.ofDays(91)));
    assertThat(gw.get("/healthz").body()).isEqualTo("ok");
  }

  private static void hosts(Gateway gw) {
    for (var host :
        List.of(
            "evil.example",
            "maps.example.com.evil.example",
            "maps.example.com.",
            "127.0.0.1",
            "a@maps.example.com",
            "maps.example.com/x")) {
      assertThat(gw.send(host, "GET", "/v1/tiles/a/1/2/3.mvt?key=" + TILES.value(), "").status())
          .as(host)
          .isIn(400, 421);
    }
    assertThat(gw.server.seen()).isEmpty();
    assertThat(
            gw.send("MAPS.example.com:443", "GET", "/v1/tiles/a/1/2/3.mvt?key=" + TILES.value(), "")
                .status())
        .isEqualTo(200);
  }

  /** A server makes links of it, and a cache its keys. */
  private static void spelledHosts(Gateway gw) {
    for (var host :
        List.of(
            "MAPS.example.com",
            "maps.example.com:443",
            "Maps.Example.Com:8443",
            "maps.example.com:1")) {
      assertThat(gw.send(host, "GET", "/v1/tiles/a/1/2/3.mvt?key=" + TILES.value(), "").status())
          .as(host)
          .isEqualTo(200);
      var seen = gw.server.seen().getLast();
      assertThat(seen.header("host")).as(host).containsExactly("maps.example.com");
      assertThat(seen.header("x-forwarded-host")).as(host).containsExactly("maps.example.com");
    }
    assertThat(gw.send("Admin.Example.com:9", "GET", "/admin/", "").status()).isEqualTo(200);
    assertThat(gw.server.seen().getLast().header("host")).containsExactly("admin.example.com");
  }
}
