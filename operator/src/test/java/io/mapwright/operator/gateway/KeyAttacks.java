package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Table.EVERYTHING;
import static io.mapwright.operator.gateway.Table.EXPIRED;
import static io.mapwright.operator.gateway.Table.TILES;
import static io.mapwright.operator.gateway.Table.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.List;

/** How a key may be sent, what is refused as one, and that nobody behind the gateway sees it. */
final class KeyAttacks {
  static final String PATH = "/v1/tiles/world/1/2/3.mvt";

  private KeyAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("key in query", gw -> allowed(gw, gw.get(PATH + "?key=" + TILES.value()), TILES)),
        Attack.of(
            "key as bearer",
            gw -> allowed(gw, gw.get(PATH, "Authorization: Bearer " + TILES.value()), TILES)),
        Attack.of(
            "bearer in any case",
            gw -> allowed(gw, gw.get(PATH, "authorization: bEARER " + TILES.value()), TILES)),
        Attack.of(
            "key in X-Api-Key",
            gw -> allowed(gw, gw.get(PATH, "X-Api-Key: " + TILES.value()), TILES)),
        Attack.of(
            "same key in three places",
            gw ->
                allowed(
                    gw,
                    gw.get(
                        PATH + "?key=" + TILES.value() + "&key=" + TILES.value(),
                        "X-Api-Key: " + TILES.value(),
                        "Authorization: Bearer " + TILES.value()),
                    TILES)),
        Attack.of(
            "HEAD with key",
            gw -> allowed(gw, gw.request("HEAD", PATH + "?key=" + TILES.value()), TILES)),
        Attack.of("percent-encoded key parameter", KeyAttacks::encodedParameter),
        Attack.of("no key", gw -> refused(gw, gw.get(PATH), 401, "key-missing")),
        Attack.of("empty key", gw -> assertThat(gw.get(PATH + "?key=").status()).isEqualTo(401)),
        Attack.of(
            "unknown key",
            gw -> refused(gw, gw.get(PATH + "?key=" + UNKNOWN.value()), 401, "key-unknown")),
        Attack.of(
            "expired key",
            gw -> refused(gw, gw.get(PATH + "?key=" + EXPIRED.value()), 401, "key-expired")),
        Attack.of("revoked key", KeyAttacks::revoked),
        Attack.of("malformed keys", KeyAttacks::malformed),
        Attack.of(
            "digest as key",
            gw -> refused(gw, gw.get(PATH + "?key=" + TILES.digest()), 401, "key-malformed")),
        Attack.of(
            "map value as key",
            gw -> refused(gw, gw.get(PATH + "?key=" + TILES.keyId()), 401, "key-malformed")),
        Attack.of(
            "two kilobytes of key",
            gw -> refused(gw, gw.get(PATH + "?key=" + "a".repeat(2000)), 401, "key-malformed")),
        Attack.of("key that some parsers cut", KeyAttacks::cut),
        Attack.of("two keys in one request", KeyAttacks::twoKeys),
        Attack.of("two keys among many parameters", KeyAttacks::manyParameters),
        Attack.of("one header twice", KeyAttacks::headerTwice),
        Attack.of("key in the wrong place", KeyAttacks::misplaced),
        Attack.of("key stripped from query", KeyAttacks::stripped),
        Attack.of("key stripped from headers", KeyAttacks::strippedHeaders),
        Attack.of("forged identity headers", KeyAttacks::forged),
        Attack.of("underscore header names", KeyAttacks::underscores),
        Attack.of("key id and scope told to the server", KeyAttacks::told),
        Attack.of(
            "document keeps key when asked to",
            settings -> settings.keyPassthrough(true),
            KeyAttacks::passthrough),
        Attack.of("before the table is pushed", KeyAttacks::notReady),
        Attack.of("table that is too old", KeyAttacks::stale),
        Attack.of(
            "table that is too old, where keys are not all",
            settings -> settings.anonymousScopes(java.util.Set.of(Scope.FONTS)),
            KeyAttacks::staleAndAnonymous),
        Attack.of(
            "anonymous scope",
            settings -> settings.anonymousScopes(java.util.Set.of(Scope.FONTS)),
            KeyAttacks::anonymous));
  }

  static void allowed(Gateway gateway, Reply reply, PlainKey key) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(gateway.server.seen()).hasSize(1);
    assertThat(gateway.server.seen().getFirst().raw()).doesNotContain(key.value());
  }

  static void refused(Gateway gateway, Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.problem()).isEqualTo(code);
    assertThat(reply.header("content-type")).contains("application/problem+json");
    assertThat(gateway.server.seen()).as("what reached the server").isEmpty();
  }

  private static void encodedParameter(Gateway gw) {
    allowed(gw, gw.get(PATH + "?%6bey=" + TILES.value().replace("_", "%5F")), TILES);
    assertThat(gw.server.seen().getFirst().target()).doesNotContain("key");
  }

  private static void revoked(Gateway gw) {
    assertThat(gw.get(PATH + "?key=" + TILES.value()).status()).isEqualTo(200);
    gw.runtime("del map " + gw.paths.map(GatewayMap.KEYS) + " " + TILES.digest());
    assertThat(gw.get(PATH + "?key=" + TILES.value()).problem()).isEqualTo("key-unknown");
  }

  private static void malformed(Gateway gw) {
    var key = TILES.value();
    var last = key.charAt(42);
    for (var wrong :
        List.of(
            key.substring(0, 42),
            key + "0",
            key.substring(0, 42) + (last == '0' ? '1' : '0'),
            key.toUpperCase(java.util.Locale.ROOT),
            "mpw_sk_" + key.substring(7),
            key + "%0A",
            key + "%00",
            "%20" + key,
            key + ";x=1",
            key.substring(7))) {
      var reply = gw.get(PATH + "?key=" + wrong);
      // A percent-encoded blank is no part of a key; a ";" ends the parameter for some parsers and
      // not for others.
      assertThat(reply.status()).as(wrong).isIn(400, 401);
    }
    var mistyped = key.substring(0, 42) + (last == '0' ? '1' : '0');
    assertThat(gw.get(PATH + "?key=" + mistyped).problem())
        .as("by checksum")
        .isEqualTo("key-malformed");
    for (var wrong :
        List.of("Bearer  " + key, "Bearer " + key + " x", "Bearer ", "Bearer " + key + ",")) {
      assertThat(gw.get(PATH, "Authorization: " + wrong).status()).as(wrong).isEqualTo(401);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void cut(Gateway gw) {
    var key = TILES.value();
    for (var query : List.of("key=" + key + "?key=x", "key=" + key + ";x=1", "key=" + key + "?")) {
      refused(gw, gw.get(PATH + "?" + query), 401, "key-malformed");
    }
    refused(gw, gw.get(PATH + "?a=1;key=x", "X-Api-Key: " + key), 401, "key-malformed");
  }

  private static void twoKeys(Gateway gw) {
    var a = TILES.value();
    var b = EVERYTHING.value();
    refused(gw, gw.get(PATH + "?key=" + a + "&key=" + b), 400, "key-conflict");
    refused(gw, gw.get(PATH + "?key=" + a + "&x=1&key=" + a + "&key=" + b), 400, "key-conflict");
    refused(gw, gw.get(PATH + "?key=" + a + "&key=" + a + "0"), 400, "key-conflict");
    refused(gw, gw.get(PATH + "?key=" + a + "&key="), 400, "key-conflict");
    refused(gw, gw.get(PATH + "?key=" + a, "X-Api-Key: " + b), 400, "key-conflict");
    refused(gw, gw.get(PATH + "?key=" + a, "Authorization: Bearer " + b), 400, "key-conflict");
    refused(gw, gw.get(PATH, "X-Api-Key: " + a, "Authorization: Bearer " + b), 400, "key-conflict");
  }

  /** Up to the bound the second key is found, wherever it stands; beyond it nothing is admitted. */
  private static void manyParameters(Gateway gw) {
    var one = "key=" + TILES.value();
    var other = "key=" + EVERYTHING.value();
    for (var filler : List.of("&", "&a=b", "&key=" + TILES.value())) {
      var most = filler.repeat(98);
      assertThat(gw.get(PATH + "?" + one + most + "&" + other).problem())
          .as(filler)
          .isEqualTo("key-conflict");
      assertThat(gw.get(PATH + "?" + other + "&" + one + filler.repeat(99)).problem())
          .as(filler)
          .isEqualTo("uri-size");
    }
    assertThat(gw.get(PATH + "?" + "&".repeat(98) + one + "&" + other).problem())
        .isEqualTo("key-conflict");
    assertThat(gw.get(PATH + "?" + "&".repeat(100) + one + "&" + other).problem())
        .isEqualTo("uri-size");
    assertThat(gw.server.seen()).isEmpty();
    assertThat(gw.get(PATH + "?" + "&".repeat(99) + one).status()).isEqualTo(200);
  }

  private static void headerTwice(Gateway gw) {
    var a = TILES.value();
    refused(gw, gw.get(PATH, "X-Api-Key: " + a, "X-Api-Key: " + a), 400, "request-headers");
    refused(
        gw,
        gw.get(PATH, "Authorization: Bearer " + a, "X: y", "Authorization: Basic eA=="),
        400,
        "request-headers");
    refused(
        gw,
        gw.get(PATH, "X-Api-Key: " + a, "Origin: https://a.example", "Origin: https://b.example"),
        400,
        "request-headers");
    assertThat(gw.get(PATH, "X-Api-Key: " + a + "," + a).status()).isEqualTo(401);
  }

  private static void misplaced(Gateway gw) {
    refused(gw, gw.get(PATH + "?apikey=" + TILES.value()), 400, "key-misplaced");
    refused(
        gw, gw.get(PATH + "?x=" + UNKNOWN.value() + "&key=" + TILES.value()), 400, "key-misplaced");
    refused(
        gw,
        gw.get("/v1/tiles/" + TILES.value() + "/1.mvt?key=" + TILES.value()),
        400,
        "key-misplaced");
  }

  private static void stripped(Gateway gw) {
    var key = "key=" + TILES.value();
    for (var query :
        List.of(
            key,
            "a=1&" + key,
            key + "&a=1",
            "a=1&" + key + "&b=2",
            key + "&" + key + "&a=1",
            "a=1&" + key + "&" + key)) {
      assertThat(gw.get(PATH + "?" + query).status()).as(query).isEqualTo(200);
      var target = gw.server.seen().getLast().target();
      assertThat(target).doesNotContain("key").doesNotContain("mpw");
      var expected = query.replaceAll("(^|&)key=[^&]*", "").replaceAll("^&", "");
      assertThat(target)
          .isIn(PATH + "?" + expected, expected.isEmpty() ? PATH : PATH + "?" + expected);
    }
    gw.get(PATH + "?monkey=1&key2=2&" + key);
    assertThat(gw.server.seen().getLast().target()).isEqualTo(PATH + "?monkey=1&key2=2");
  }

  private static void strippedHeaders(Gateway gw) {
    var reply =
        gw.get(
            PATH + "?key=" + TILES.value(),
            "X-Api-Key: " + TILES.value(),
            "Authorization: Bearer " + TILES.value(),
            "Referer: https://www.example.com/map?key=" + TILES.value(),
            "Cookie: a=" + TILES.value(),
            "X-Other: " + TILES.value());
    allowed(gw, reply, TILES);
  }

  private static void forged(Gateway gw) {
    gw.get(
        PATH + "?key=" + TILES.value(),
        "X-Mapwright-Key-Id: forged",
        "X-Mapwright-Scope: forged",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Host: forged",
        "X-Forwarded-Proto: forged",
        "Forwarded: for=forged",
        "X-Real-IP: 6.6.6.6",
        "X-Original-URL: /admin/forged",
        "X-Rewrite-URL: /admin/forged",
        "X-HTTP-Method-Override: DELETE",
        "X-Request-Id: forged",
        "Connection: X-Mapwright-Key-Id, close");
    var seen = gw.server.seen().getFirst();
    assertThat(seen.raw())
        .doesNotContain("forged")
        .doesNotContain("6.6.6.6")
        .doesNotContain("DELETE");
    assertThat(seen.header("x-mapwright-key-id")).containsExactly(TILES.keyId());
    assertThat(seen.header("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(seen.header("connection")).noneMatch(value -> value.contains("Mapwright"));
  }

  private static void underscores(Gateway gw) {
    gw.get(
        PATH + "?key=" + TILES.value(),
        "X_Mapwright_Key_Id: forged",
        "X_Forwarded_For: 6.6.6.6",
        "Accept_X: forged");
    assertThat(gw.server.seen().getFirst().raw())
        .doesNotContain("forged")
        .doesNotContain("6.6.6.6");
    assertThat(gw.get(PATH, "X_Api_Key: " + TILES.value()).status()).isEqualTo(401);
    gw.console("GET", "/admin/", "X_Mapwright_Key_Id: forged");
    assertThat(gw.server.seen().getLast().raw()).doesNotContain("forged");
  }

  private static void told(Gateway gw) {
    gw.get(PATH + "?key=" + TILES.value());
    var seen = gw.server.seen().getFirst();
    assertThat(seen.header("x-mapwright-key-id")).containsExactly(TILES.keyId());
    assertThat(seen.header("x-mapwright-scope")).containsExactly("tiles");
    assertThat(seen.header("x-forwarded-proto")).containsExactly("https");
    assertThat(seen.header("x-request-id")).hasSize(1);
  }

  private static void passthrough(Gateway gw) {
    gw.server.answerWith("Cache-Control: public, max-age=600\r\nCDN-Cache-Control: public\r\n");
    var document = gw.get("/data/world.json?a=1&key=" + TILES.value());
    assertThat(gw.server.seen().getLast().target())
        .isEqualTo("/data/world.json?a=1&key=" + TILES.value());
    assertThat(document.all("cache-control")).containsExactly("private, no-store");
    assertThat(document.header("cdn-cache-control")).isEmpty();
    gw.get(PATH + "?key=" + TILES.value());
    assertThat(gw.server.seen().getLast().raw()).doesNotContain(TILES.value());
    gw.get("/data/world.json?key=" + UNKNOWN.value());
    assertThat(gw.server.seen()).hasSize(2);
    assertThat(gw.get("/data/world.json?x=" + UNKNOWN.value() + "&key=" + TILES.value()).problem())
        .isEqualTo("key-misplaced");
    assertThat(gw.get(PATH + "?x=" + UNKNOWN.value(), "X-Api-Key: " + TILES.value()).problem())
        .isEqualTo("key-misplaced");
  }

  private static void trust(Gateway gw, String until) {
    assertThat(gw.runtime("set map " + gw.paths.map(GatewayMap.META) + " trusted " + until))
        .isBlank();
  }

  private static String secondsFromNow(long seconds) {
    return Long.toString(java.time.Instant.now().getEpochSecond() + seconds);
  }

  private static void stale(Gateway gw) {
    var tile = PATH + "?key=" + TILES.value();
    trust(gw, secondsFromNow(60));
    assertThat(gw.get(tile).status()).isEqualTo(200);
    assertThat(gw.internal("/decisions").body())
        .contains("mapwright_gateway_table_max_age_seconds 86400\n")
        .containsPattern("mapwright_gateway_table_trusted_until_timestamp_seconds 1[0-9]{9}\n");

    trust(gw, secondsFromNow(-2));
    var reply = gw.get(tile);
    stale(reply, 503, "table-stale");
    assertThat(reply.header("retry-after")).contains("10");
    stale(gw.get(PATH + "?key=" + UNKNOWN.value()), 503, "table-stale");
    stale(gw.get(PATH + "?key=" + TILES.digest()), 401, "key-malformed");
    stale(gw.get(PATH), 401, "key-missing");
    stale(gw.get("/nowhere"), 404, "unknown-path");
    stale(
        gw.console("GET", "/admin/", "Authorization: Bearer " + Table.ADMIN.value()),
        503,
        "table-stale");
    assertThat(gw.console("GET", "/admin/").status()).isEqualTo(200);
    assertThat(gw.internal("/readyz").status()).isEqualTo(503);

    trust(gw, secondsFromNow(60));
    assertThat(gw.get(tile).status()).isEqualTo(200);
    assertThat(gw.internal("/readyz").status()).isEqualTo(200);
    gw.runtime("del map " + gw.paths.map(GatewayMap.META) + " trusted");
    stale(gw.get(tile), 503, "table-stale");
    assertThat(gw.internal("/decisions").body())
        .contains("mapwright_gateway_table_trusted_until_timestamp_seconds 0\n");
  }

  private static void staleAndAnonymous(Gateway gw) {
    var font = "/fonts/a/0-255.pbf";
    trust(gw, secondsFromNow(-2));
    assertThat(gw.get(font).status()).isEqualTo(200);
    stale(gw.get(font + "?key=" + EVERYTHING.value()), 503, "table-stale");
    assertThat(gw.internal("/readyz").status()).isEqualTo(200);
  }

  /** Other requests have reached the server by then. */
  private static void stale(Reply reply, int status, String problem) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.problem()).isEqualTo(problem);
  }

  private static void notReady(Gateway gw) {
    gw.runtime("set map " + gw.paths.map(GatewayMap.META) + " ready 0");
    refused(gw, gw.get(PATH + "?key=" + TILES.value()), 503, "not-ready");
    refused(gw, gw.console("GET", "/admin/"), 503, "not-ready");
    refused(gw, gw.get("/nowhere"), 404, "unknown-path");
    assertThat(gw.internal("/readyz").status()).isEqualTo(503);
    gw.runtime("clear map " + gw.paths.map(GatewayMap.META));
    refused(gw, gw.get(PATH + "?key=" + TILES.value()), 503, "not-ready");
  }

  private static void anonymous(Gateway gw) {
    assertThat(gw.get("/fonts/Noto%20Sans/0-255.pbf").status()).isEqualTo(200);
    assertThat(gw.get("/fonts/Noto%20Sans/0-255.pbf?key=" + UNKNOWN.value()).status())
        .isEqualTo(401);
    assertThat(gw.get(PATH).status()).isEqualTo(401);
    assertThat(gw.server.seen().getFirst().header("x-mapwright-key-id")).isEmpty();
  }
}
