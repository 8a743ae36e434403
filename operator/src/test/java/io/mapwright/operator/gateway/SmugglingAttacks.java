package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.Table.TILES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Bytes that two parsers could cut into requests in two ways. */
final class SmugglingAttacks {
  private static final String HIDDEN = "GET /admin/smuggled HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

  private SmugglingAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of(
            "length and chunked",
            gw ->
                nothingSmuggled(
                    gw,
                    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                    "0\r\n\r\n" + HIDDEN)),
        Attack.of(
            "chunked and length",
            gw ->
                nothingSmuggled(
                    gw,
                    "Transfer-Encoding: chunked\r\nContent-Length: 60\r\n",
                    "0\r\n\r\n" + HIDDEN)),
        Attack.of(
            "two lengths",
            gw -> nothingSmuggled(gw, "Content-Length: 0\r\nContent-Length: 67\r\n", HIDDEN)),
        Attack.of(
            "list of lengths", gw -> nothingSmuggled(gw, "Content-Length: 0, 67\r\n", HIDDEN)),
        Attack.of("odd lengths", SmugglingAttacks::oddLengths),
        Attack.of("odd encodings", SmugglingAttacks::oddEncodings),
        Attack.of("chunked body is refused", SmugglingAttacks::chunked),
        Attack.of(
            "GET with a body",
            gw -> nothingSmuggled(gw, "Content-Length: " + HIDDEN.length() + "\r\n", HIDDEN)),
        Attack.of("folded headers", SmugglingAttacks::folded),
        Attack.of("bare CR and NUL", SmugglingAttacks::bareBytes),
        Attack.of("bare LF", SmugglingAttacks::bareLf),
        Attack.of("odd header names", SmugglingAttacks::oddNames),
        Attack.of("odd request lines", SmugglingAttacks::oddLines),
        Attack.of("upgrade to h2c", SmugglingAttacks::h2c),
        Attack.of("upgrade to websocket", SmugglingAttacks::websocket),
        Attack.of("connection names a header", SmugglingAttacks::connectionNames),
        Attack.of("server answers 101 unasked", SmugglingAttacks::unasked),
        Attack.of("console takes no upgrade", SmugglingAttacks::consoleUpgrade));
  }

  private static String head(String method, String headers) {
    return method
        + " "
        + PATH
        + "?key="
        + TILES.value()
        + " HTTP/1.1\r\nHost: "
        + HOST
        + "\r\n"
        + headers
        + "\r\n";
  }

  private static void nothingSmuggled(Gateway gw, String headers, String body) {
    for (var method : List.of("GET", "POST")) {
      gw.pipeline(head(method, headers) + body);
    }
    clean(gw);
  }

  private static void clean(Gateway gw) {
    assertThat(gw.server.seen())
        .allSatisfy(seen -> {
          assertThat(seen.target()).startsWith("/v1/tiles/");
          assertThat(seen.header("transfer-encoding").size() + seen.header("content-length").size())
              .isLessThanOrEqualTo(1);
          assertThat(seen.lines().getFirst()).doesNotContain("smuggled");
        });
  }

  private static void oddLengths(Gateway gw) {
    for (var length :
        List.of(
            "-1",
            "+5",
            "0x5",
            "5 ",
            "1e1",
            "5;",
            "",
            " ",
            "99999999999999999999",
            "5,",
            "4\u000b")) {
      gw.pipeline(head("POST", "Content-Length: " + length + "\r\n") + "12345" + HIDDEN);
    }
    clean(gw);
    assertThat(gw.server.seen())
        .allMatch(seen -> seen.body().equals("12345") || seen.body().isEmpty());
  }

  private static void oddEncodings(Gateway gw) {
    for (var line :
        List.of(
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked, identity",
            "X: y\r\n Transfer-Encoding: chunked",
            "Transfer-Encoding\r\n: chunked",
            "Transfer-Encoding: \u000bchunked",
            "transfer_encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;q=1")) {
      gw.pipeline(head("POST", line + "\r\nContent-Length: 5\r\n") + "0\r\n\r\n" + HIDDEN);
    }
    clean(gw);
  }

  private static void chunked(Gateway gw) {
    var reply = gw.raw(head("POST", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n");
    assertThat(reply.status()).isEqualTo(411);
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void folded(Gateway gw) {
    gw.pipeline(head("GET", "X: a\r\n Host: admin.example.com\r\n"));
    gw.pipeline(head("GET", "X: a\r\n\tX-Mapwright-Key-Id: forged\r\n"));
    assertThat(gw.server.seen())
        .noneMatch(seen -> seen.raw().contains("forged") || seen.raw().contains("admin"));
  }

  private static void bareBytes(Gateway gw) {
    for (var bytes : List.of("\r", "\0", "\u0001", "\u0008", "\u007f", "\u001b")) {
      var reply = gw.raw(head("GET", "Accept: a" + bytes + "b\r\n"));
      assertThat(reply.status()).as("byte " + (int) bytes.charAt(0)).isIn(400, 0);
    }
    assertThat(gw.server.seen()).isEmpty();
    assertThat(gw.raw(head("GET", "Accept: a\tb\u00e9\r\n")).status()).isEqualTo(200);
  }

  private static void bareLf(Gateway gw) {
    gw.pipeline(
        "GET " + PATH + "?key=" + TILES.value() + " HTTP/1.1\nHost: " + HOST + "\n\n" + HIDDEN);
    clean(gw);
  }

  private static void oddNames(Gateway gw) {
    for (var line :
        List.of(
            ": empty",
            "Bad Name: x",
            "Bad\u00e9: x",
            "Host : admin.example.com",
            "Bad(name): x",
            "\u0000: x",
            "no-colon")) {
      gw.pipeline(head("GET", line + "\r\n"));
    }
    assertThat(gw.server.seen())
        .noneMatch(seen -> seen.raw().contains("admin") || seen.raw().contains(": x"));
  }

  private static void oddLines(Gateway gw) {
    var target = PATH + "?key=" + TILES.value();
    for (var line :
        List.of(
            "GET " + target,
            "GET  " + target + " HTTP/1.1",
            "GET " + target + " HTTP/1.1 x",
            "GET " + target + " HTTP/9.9",
            "GET\t" + target + "\tHTTP/1.1",
            "GET " + target + " HTTP/2.0",
            "GET " + target + " http/1.1",
            "GET " + target + " HTTP/0.9",
            "\u0000GET " + target + " HTTP/1.1",
            "G\u00cbT " + target + " HTTP/1.1")) {
      gw.pipeline(line + "\r\nHost: " + HOST + "\r\n\r\n" + HIDDEN);
    }
    assertThat(gw.server.seen()).noneMatch(seen -> !seen.target().startsWith("/v1/tiles/"));
  }

  private static void h2c(Gateway gw) {
    gw.server.answer(
        _ -> "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    var reply =
        gw.raw(
            head(
                "GET",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
    assertThat(reply.status()).isNotEqualTo(101);
    assertNoUpgrade(gw);
  }

  private static void websocket(Gateway gw) {
    gw.server.answer(_ ->
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    var headers =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    assertThat(gw.raw(head("GET", headers)).status()).isNotEqualTo(101);
    assertNoUpgrade(gw);
  }

  private static void assertNoUpgrade(Gateway gw) {
    assertThat(gw.server.seen())
        .allSatisfy(seen -> {
          assertThat(seen.header("upgrade")).isEmpty();
          assertThat(seen.header("http2-settings")).isEmpty();
          assertThat(seen.header("connection"))
              .noneMatch(value -> value.toLowerCase(java.util.Locale.ROOT).contains("upgrade"));
        });
  }

  private static void connectionNames(Gateway gw) {
    gw.raw(
        head(
            "GET",
            "Connection: X-Mapwright-Key-Id, X-Forwarded-For, Host\r\nTE: trailers\r\nKeep-Alive: x\r\n"));
    var seen = gw.server.seen().getFirst();
    assertThat(seen.header("x-mapwright-key-id")).containsExactly(TILES.keyId());
    assertThat(seen.raw())
        .doesNotContainIgnoringCase("connection: x-")
        .doesNotContainIgnoringCase("\nte:")
        .doesNotContainIgnoringCase("keep-alive: x");
  }

  private static void unasked(Gateway gw) {
    gw.server.answer(_ -> "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    assertThat(gw.raw(head("GET", "")).status()).isNotEqualTo(101);
  }

  private static void consoleUpgrade(Gateway gw) {
    gw.server.answer(_ ->
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    var reply =
        gw.console(
            "GET",
            "/admin/",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Connection: Upgrade, HTTP2-Settings, X-Mapwright-Scope",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "Proxy-Connection: x",
            "X-Mapwright-Scope: forged");
    assertThat(reply.status()).isNotEqualTo(101);
    assertNoUpgrade(gw);
    assertThat(gw.server.seen())
        .allSatisfy(seen -> assertThat(seen.header("x-mapwright-scope")).containsExactly("admin"));
  }
}
