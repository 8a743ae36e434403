package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.Table.TILES;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ClientAddressLog;
import java.io.IOException;
import java.util.List;

/** TLS, plain http, and what the log says. */
final class EdgeAttacks {
  private EdgeAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("TLS versions", EdgeAttacks::versions),
        Attack.of("TLS 1.2 without AEAD", EdgeAttacks::weakCiphers),
        Attack.of("HSTS on every answer", EdgeAttacks::hsts),
        Attack.of("plain http is redirected", EdgeAttacks::redirect),
        Attack.of("key over plain http", EdgeAttacks::plainKey),
        Attack.of("plain http for a strange host", EdgeAttacks::plainHost),
        Attack.of("http spoken to the https port", EdgeAttacks::wrongProtocol),
        Attack.of("log is JSON and holds no key", EdgeAttacks::log),
        Attack.of("log injection", EdgeAttacks::injection),
        Attack.of("long and secret words in the log", EdgeAttacks::bounded),
        Attack.of(
            "log without client address",
            settings -> settings.auditAddress(ClientAddressLog.None),
            EdgeAttacks::noAddress),
        Attack.of("server down", EdgeAttacks::serverDown));
  }

  private static String handshake(Gateway gw, String protocol, String... ciphers) {
    try (var socket = gw.connect("127.0.0.1")) {
      socket.setEnabledProtocols(new String[] {protocol});
      if (ciphers.length > 0) {
        socket.setEnabledCipherSuites(ciphers);
      }
      socket.startHandshake();
      return socket.getSession().getProtocol();
    } catch (IOException | IllegalArgumentException e) {
      return "refused";
    }
  }

  private static void versions(Gateway gw) {
    assertThat(handshake(gw, "TLSv1.3")).isEqualTo("TLSv1.3");
    assertThat(handshake(gw, "TLSv1.2")).isEqualTo("TLSv1.2");
    assertThat(handshake(gw, "TLSv1.1")).isEqualTo("refused");
  }

  private static void weakCiphers(Gateway gw) {
    assertThat(handshake(gw, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"))
        .isEqualTo("refused");
    assertThat(handshake(gw, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
        .isEqualTo("TLSv1.2");
  }

  private static void hsts(Gateway gw) {
    for (var reply :
        List.of(
            gw.get(PATH),
            gw.get("/nowhere"),
            gw.get(PATH + "?key=" + TILES.value()),
            gw.console("GET", "/admin/"),
            gw.get("/healthz"))) {
      assertThat(reply.all("strict-transport-security")).containsExactly("max-age=31536000");
      assertThat(reply.all("x-content-type-options")).containsExactly("nosniff");
    }
    assertThat(gw.get("/nowhere").all("content-security-policy"))
        .containsExactly("default-src 'none'; frame-ancestors 'none'");
  }

  private static Reply plain(Gateway gw, String target, String headers) {
    return gw.plain(
        gw.settings.ports().http(),
        "GET " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
  }

  private static void redirect(Gateway gw) {
    var reply = plain(gw, "/v1/tiles/a?b=c", "Host: " + HOST + ":80\r\n");
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.all("location")).containsExactly("https://" + HOST + "/v1/tiles/a?b=c");
  }

  private static void plainKey(Gateway gw) {
    var key = TILES.value();
    for (var target :
        List.of(
            PATH + "?key=" + key,
            PATH + "?a=1&key=" + key,
            PATH + "?%6bey=" + key,
            PATH + "?%256bey=x&a=" + key,
            "/" + key)) {
      assertThat(plain(gw, target, "Host: " + HOST + "\r\n").problem())
          .as(target)
          .isEqualTo("plain-http");
    }
    for (var header : List.of("Authorization: Bearer " + key, "X-Api-Key: " + key)) {
      var reply = plain(gw, PATH, "Host: " + HOST + "\r\n" + header + "\r\n");
      assertThat(reply.status()).as(header).isEqualTo(403);
      assertThat(reply.header("location")).isEmpty();
    }
  }

  private static void plainHost(Gateway gw) {
    for (var headers :
        List.of(
            "Host: evil.example\r\n",
            "Host: evil.example@" + HOST + "\r\n",
            "",
            "Host: " + HOST + "\r\nHost: evil.example\r\n",
            "Host: " + HOST + "/evil\r\n")) {
      assertThat(plain(gw, "/", headers).status()).as(headers).isIn(400, 421);
    }
    assertThat(plain(gw, "//evil.example/", "Host: " + HOST + "\r\n").header("location").orElse(""))
        .startsWith("https://" + HOST + "/");
    assertThat(
            plain(gw, "http://evil.example/", "Host: " + HOST + "\r\n")
                .header("location")
                .orElse("https://" + HOST))
        .startsWith("https://" + HOST);
  }

  private static void wrongProtocol(Gateway gw) {
    assertThat(
            gw.plain(gw.settings.ports().https(), "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n")
                .status())
        .isIn(0, 400);
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void log(Gateway gw) {
    var key = TILES.value();
    gw.get(PATH + "?key=" + key, "Origin: https://www.example.com");
    gw.get(PATH + "?wrong=" + key);
    gw.get("/" + key);
    gw.get(PATH, "Authorization: Bearer " + key, "X-Api-Key: " + key);
    gw.get(PATH + "?key=" + key + "0");
    plain(gw, PATH + "?key=" + key, "Host: " + HOST + "\r\n");
    gw.raw("GET " + PATH + "?key=" + key + " HTTP/9.9\r\nX\0\r\n\r\n");
    gw.plain(gw.settings.ports().https(), "GET /?key=" + key + " HTTP/1.1\r\n\r\n");
    var lines = gw.log(8);
    assertThat(lines).hasSizeGreaterThanOrEqualTo(8).allSatisfy(EdgeAttacks::assertJson);
    assertThat(lines).noneMatch(line -> line.contains("mpw_pk"));
    assertThat(lines.getFirst())
        .contains("\"key\":\"" + TILES.keyId() + "\"")
        .contains("\"scope\":\"tiles\"")
        .contains("\"decision\":\"allow\"")
        .contains("\"origin\":\"https://www.example.com\"")
        .contains("\"status\":200")
        .contains("\"client\":\"127.0.0.0\"");
    assertThat(lines.get(1))
        .contains("\"decision\":\"deny\"")
        .contains("\"rule\":\"key-misplaced\"");
  }

  /** One flat object of strings and numbers. */
  private static void assertJson(String line) {
    assertThat(line)
        .matches(
            "\\{(\"[A-Za-z]+\":(\"([^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrtu])*\"|-?[0-9.]+),?)+\\}");
  }

  private static void injection(Gateway gw) {
    for (var origin :
        List.of("x\",\"decision\":\"allow", "a\\", "\u00e9\u00ff", "</script>", "a\tb")) {
      gw.get(PATH, "Origin: " + origin);
    }
    gw.request("GE\"T", PATH);
    assertThat(gw.log(6)).hasSizeGreaterThanOrEqualTo(5).allSatisfy(EdgeAttacks::assertJson);
    assertThat(gw.log(6)).noneMatch(line -> line.contains("\"decision\":\"allow\""));
  }

  /** What a client writes neither cuts a line nor brings a key into it. */
  private static void bounded(Gateway gw) {
    var key = TILES.value();
    for (var origin :
        List.of(
            "https://" + "a".repeat(4000) + ".example",
            "\u0009\"".repeat(1500),
            "https://" + key + ".example",
            "https://www.example.com/?key=" + key,
            "https://" + key.toUpperCase(java.util.Locale.ROOT))) {
      gw.get(PATH + "?key=" + key, "Origin: " + origin);
    }
    gw.request("A".repeat(6000), PATH + "?key=" + key);
    gw.request(key, PATH + "?key=" + key);
    plain(gw, PATH, "Host: " + HOST + "\r\nOrigin: " + "x".repeat(4000) + "\r\n");
    gw.plain(
        gw.settings.ports().http(), "B".repeat(6000) + " / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
    var lines = gw.log(9);
    assertThat(lines)
        .hasSize(9)
        .allSatisfy(EdgeAttacks::assertJson)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(1000).contains("\"client\":\"127"))
        .noneMatch(line -> line.contains("mpw_pk") || line.contains("MPW_PK"));
    assertThat(lines.subList(0, 5)).allMatch(line -> line.contains("\"origin\":\"malformed\""));
    assertThat(lines.subList(5, 7)).allMatch(line -> line.contains("\"method\":\"other\""));
  }

  private static void noAddress(Gateway gw) {
    gw.get(PATH);
    assertThat(gw.log(1))
        .singleElement()
        .asString()
        .doesNotContain("127.0.0")
        .contains("\"client\":\"\"");
  }

  private static void serverDown(Gateway gw) {
    gw.server.close();
    var reply = gw.get(PATH + "?key=" + TILES.value());
    assertThat(reply.status()).isIn(502, 503);
    assertThat(reply.header("content-type")).contains("application/problem+json");
    assertThat(gw.raw("GET " + PATH + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").status())
        .isEqualTo(401);
  }
}
