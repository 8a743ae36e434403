package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.KeyAttacks.refused;
import static io.mapwright.operator.gateway.Table.SITE;
import static io.mapwright.operator.gateway.Table.TILES;
import static io.mapwright.operator.gateway.Table.UNKNOWN;
import static io.mapwright.operator.gateway.Table.WEB;
import static io.mapwright.operator.gateway.Table.WEB_AND_APPS;
import static io.mapwright.operator.gateway.Table.WITH_CREDENTIALS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Which pages a key works on, and what browsers learn. */
final class OriginAttacks {
  private OriginAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("allowed origins", OriginAttacks::allowed),
        Attack.of("look-alike origins", OriginAttacks::lookAlikes),
        Attack.of(
            "null origin", gw -> refused(gw, gw.get(web(), "Origin: null"), 403, "origin-denied")),
        Attack.of(
            "null origin of an app key",
            gw ->
                refused(
                    gw,
                    gw.get(PATH + "?key=" + WEB_AND_APPS.value(), "Origin: null"),
                    403,
                    "origin-denied")),
        Attack.of(
            "two origins in one header",
            gw -> refused(gw, gw.get(web(), "Origin: " + SITE + " " + SITE), 403, "origin-denied")),
        Attack.of(
            "origins in a list",
            gw ->
                refused(
                    gw,
                    gw.get(web(), "Origin: " + SITE + ", https://evil.example"),
                    403,
                    "origin-denied")),
        Attack.of("no origin", gw -> refused(gw, gw.get(web()), 403, "origin-missing")),
        Attack.of(
            "no origin, apps allowed",
            gw ->
                assertThat(gw.get(PATH + "?key=" + WEB_AND_APPS.value()).status()).isEqualTo(200)),
        Attack.of(
            "foreign origin, apps allowed",
            gw ->
                refused(
                    gw,
                    gw.get(PATH + "?key=" + WEB_AND_APPS.value(), "Origin: https://evil.example"),
                    403,
                    "origin-denied")),
        Attack.of("referer stands in", OriginAttacks::referer),
        Attack.of("referer tricks", OriginAttacks::refererTricks),
        Attack.of(
            "foreign origin beside a good referer",
            gw ->
                refused(
                    gw,
                    gw.get(web(), "Origin: https://evil.example", "Referer: " + SITE + "/"),
                    403,
                    "origin-denied")),
        Attack.of("any origin is cacheable", OriginAttacks::anyOrigin),
        Attack.of("restricted origin is private", OriginAttacks::restricted),
        Attack.of("whatever the server tells caches", OriginAttacks::caching),
        Attack.of("images are kept apart by Referer", OriginAttacks::referrers),
        Attack.of("errors are readable", OriginAttacks::readable),
        Attack.of("server's own CORS headers are dropped", OriginAttacks::serverHeaders),
        Attack.of("credentials only where said", OriginAttacks::credentials),
        Attack.of("preflight without key", OriginAttacks::preflight),
        Attack.of("preflight on unknown path", OriginAttacks::preflightElsewhere));
  }

  private static String web() {
    return PATH + "?key=" + WEB.value();
  }

  private static void allowed(Gateway gw) {
    for (var origin :
        List.of(
            SITE,
            "https://a.apps.example.org",
            "http://localhost:3000",
            "https://example.net:8443")) {
      var reply = gw.get(web(), "Origin: " + origin);
      assertThat(reply.status()).as(origin).isEqualTo(200);
      assertThat(reply.all("access-control-allow-origin")).containsExactly(origin);
    }
  }

  private static void lookAlikes(Gateway gw) {
    for (var origin :
        List.of(
            "http://www.example.com",
            "https://www.example.com:8443",
            "https://www.example.com.evil.example",
            "https://evilwww.example.com",
            "https://example.com",
            "https://www.example.com/",
            "https://www.example.com@evil.example",
            "https://evil.example#https://www.example.com",
            "https://www.example.co",
            "https://apps.example.org",
            "https://xapps.example.org",
            "https://a.b.apps.example.org",
            "https://.apps.example.org",
            "https://*.apps.example.org",
            "https://a.apps.example.org:444",
            "http://a.apps.example.org",
            "https://a.apps.example.org.evil.example",
            "http://localhost:3001",
            "http://localhost",
            "file://",
            "moz-extension://abc",
            "https://www.example.com|x",
            "web|https://www.example.com")) {
      refused(gw, gw.get(web(), "Origin: " + origin), 403, "origin-denied");
    }
  }

  private static void referer(Gateway gw) {
    for (var referer :
        List.of(SITE, SITE + "/", SITE + "/a/b?c=d#e", "https://a.apps.example.org/map")) {
      assertThat(gw.get(web(), "Referer: " + referer).status()).as(referer).isEqualTo(200);
    }
    assertThat(gw.server.seen().getFirst().header("referer")).isEmpty();
  }

  private static void refererTricks(Gateway gw) {
    for (var referer :
        List.of(
            "https://evil.example/https://www.example.com/",
            "https://evil.example/?https://www.example.com",
            "https://www.example.com@evil.example/",
            "https://www.example.com.evil.example/",
            "https://www.example.com\\@evil.example/",
            "/",
            "about:blank",
            "//www.example.com/")) {
      refused(gw, gw.get(web(), "Referer: " + referer), 403, "origin-denied");
    }
  }

  private static void anyOrigin(Gateway gw) {
    gw.server.answerWith("Cache-Control: public, max-age=600\r\nVary: Accept-Encoding\r\n");
    var reply = gw.get(PATH + "?key=" + TILES.value(), "Origin: https://anywhere.example");
    assertThat(reply.all("access-control-allow-origin")).containsExactly("*");
    assertThat(reply.header("access-control-allow-credentials")).isEmpty();
    assertThat(reply.all("cache-control")).containsExactly("public, max-age=600");
    assertThat(String.join(",", reply.all("vary")))
        .contains("Accept-Encoding")
        .contains("X-Api-Key")
        .doesNotContain("Origin");
    assertThat(gw.get(PATH + "?key=" + TILES.value()).all("access-control-allow-origin"))
        .containsExactly("*");
  }

  private static void restricted(Gateway gw) {
    gw.server.answerWith("Cache-Control: public, max-age=600\r\n");
    var reply = gw.get(web(), "Origin: " + SITE);
    assertThat(reply.all("cache-control")).containsExactly("private, max-age=600");
    assertThat(String.join(",", reply.all("vary"))).contains("Origin");
    gw.server.answerWith(
        "Cache-Control: Public, max-age=5, s-maxage=600\r\nCDN-Cache-Control: public\r\n");
    var shared = gw.get(web(), "Origin: " + SITE);
    assertThat(shared.all("cache-control")).containsExactly("private, max-age=5,private");
    assertThat(shared.header("cdn-cache-control")).isEmpty();
    gw.server.answerWith("");
    assertThat(gw.get(web(), "Origin: " + SITE).all("cache-control")).containsExactly("private");
  }

  /** A shared cache that keeps the answer would give it to pages that may not have it. */
  private static void caching(Gateway gw) {
    for (var said :
        List.of(
            "max-age=3600",
            "max-age=3600, must-revalidate",
            "max-age=31536000, immutable",
            "max-age=5, s-maxage=\"600\"",
            "S-MaxAge=600, PUBLIC, public, proxy-revalidate",
            "private=\"set-cookie, vary\", max-age=60",
            "no-cache=\"private, no-store\"",
            "max-age=60\r\nCache-Control: public")) {
      gw.server.answerWith("Cache-Control: " + said + "\r\n");
      var told = String.join(", ", gw.get(web(), "Origin: " + SITE).all("cache-control"));
      assertThat(told.split(",\\s*")).as(said + " became " + told).contains("private");
      assertThat(told).as(said).doesNotContainIgnoringCase("public").doesNotContain("s-maxage");
      gw.server.answerWith("Cache-Control: " + said + "\r\n");
      assertThat(gw.get(PATH + "?key=" + TILES.value()).all("cache-control"))
          .as("open to all: as the server said")
          .containsExactly(said.split("\r\nCache-Control: "));
    }
    for (var enough : List.of("no-store", "Private, max-age=5", "max-age=5, No-Store")) {
      gw.server.answerWith("Cache-Control: " + enough + "\r\n");
      assertThat(gw.get(web(), "Origin: " + SITE).all("cache-control")).containsExactly(enough);
    }
    for (var header :
        List.of(
            "CDN-Cache-Control",
            "Cloudflare-CDN-Cache-Control",
            "Surrogate-Control",
            "Edge-Control",
            "X-Accel-Expires")) {
      gw.server.answerWith(header + ": max-age=600\r\n");
      assertThat(gw.get(web(), "Origin: " + SITE).header(header)).as(header).isEmpty();
    }
  }

  private static void referrers(Gateway gw) {
    assertThat(String.join(",", gw.get(web(), "Referer: " + SITE + "/map").all("vary")))
        .contains("Origin")
        .contains("Referer");
    assertThat(String.join(",", gw.get(PATH + "?key=" + WEB_AND_APPS.value()).all("vary")))
        .contains("Referer");
    assertThat(String.join(",", gw.get(web(), "Origin: " + SITE).all("vary")))
        .doesNotContain("Referer");
  }

  private static void readable(Gateway gw) {
    for (var query : List.of("", "?key=" + UNKNOWN.value(), "?key=" + WEB.value(), "?key=bad")) {
      var reply = gw.get(PATH + query, "Origin: https://evil.example");
      assertThat(reply.status()).isIn(401, 403);
      assertThat(reply.all("access-control-allow-origin")).containsExactly("*");
      assertThat(String.join(",", reply.all("vary"))).contains("Origin").contains("Authorization");
      assertThat(reply.all("cache-control")).containsExactly("no-store");
    }
    gw.server.close();
    var reply = gw.get(web(), "Origin: " + SITE);
    assertThat(reply.status()).isIn(502, 503);
    assertThat(reply.all("access-control-allow-origin")).containsExactly(SITE);
  }

  private static void serverHeaders(Gateway gw) {
    gw.server.answerWith(
        "Access-Control-Allow-Origin: https://evil.example\r\nAccess-Control-Allow-Credentials: true\r\nServer: x\r\nX-Powered-By: y\r\nSet-Cookie: a=b\r\n");
    var reply = gw.get(web(), "Origin: " + SITE);
    assertThat(reply.all("access-control-allow-origin")).containsExactly(SITE);
    for (var header :
        List.of("access-control-allow-credentials", "server", "x-powered-by", "set-cookie")) {
      assertThat(reply.header(header)).as(header).isEmpty();
    }
  }

  private static void credentials(Gateway gw) {
    var with = gw.get(PATH + "?key=" + WITH_CREDENTIALS.value(), "Origin: " + SITE);
    assertThat(with.all("access-control-allow-credentials")).containsExactly("true");
    assertThat(with.all("access-control-allow-origin")).containsExactly(SITE);
    assertThat(gw.get(web(), "Origin: " + SITE).header("access-control-allow-credentials"))
        .isEmpty();
    var denied = gw.get(PATH + "?key=" + WITH_CREDENTIALS.value(), "Origin: https://evil.example");
    assertThat(denied.header("access-control-allow-credentials")).isEmpty();
  }

  private static void preflight(Gateway gw) {
    var reply =
        gw.request(
            "OPTIONS",
            PATH,
            "Origin: https://anywhere.example",
            "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: x-api-key");
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.all("access-control-allow-origin")).containsExactly("*");
    assertThat(reply.header("access-control-allow-headers").orElse("")).contains("X-Api-Key");
    assertThat(reply.header("access-control-allow-credentials")).isEmpty();
    var site = gw.request("OPTIONS", PATH, "Origin: " + SITE, "Access-Control-Request-Method: GET");
    assertThat(site.all("access-control-allow-credentials")).containsExactly("true");
    assertThat(site.all("access-control-allow-origin")).containsExactly(SITE);
    assertThat(gw.server.seen()).isEmpty();
    refused(gw, gw.request("OPTIONS", PATH, "Origin: " + SITE), 401, "key-missing");
    refused(
        gw, gw.request("OPTIONS", PATH, "Access-Control-Request-Method: GET"), 401, "key-missing");
  }

  private static void preflightElsewhere(Gateway gw) {
    for (var path : List.of("/nowhere", "/admin/")) {
      var reply =
          gw.request("OPTIONS", path, "Origin: " + SITE, "Access-Control-Request-Method: GET");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("access-control-allow-methods")).isEmpty();
    }
  }
}
