package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.KeyAttacks.refused;
import static io.mapwright.operator.gateway.Table.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.decision.Field;
import java.io.IOException;
import java.util.List;

/** Requests that are as usual but for one thing. */
final class FastPathAttacks {
  private static final String KEY = "?key=" + EVERYTHING.value();

  private FastPathAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("odd paths of a usual request", FastPathAttacks::oddPaths),
        Attack.of("odd paths of a usual request over HTTP/2", FastPathAttacks::oddPathsOverHttp2),
        Attack.of("long path of a usual request", FastPathAttacks::longPath),
        Attack.of("control bytes in a usual request", FastPathAttacks::controlBytes),
        Attack.of("two origins in a usual request", FastPathAttacks::twoOrigins),
        Attack.of("two referers in a usual request", FastPathAttacks::twoReferers),
        Attack.of("usual head, late trailers", FastPathAttacks::lateTrailers),
        Attack.of(
            "usual request for a document",
            settings -> settings.keyPassthrough(true),
            FastPathAttacks::documents),
        Attack.of("usual request in words of another version", FastPathAttacks::version),
        Attack.of("usual requests are admitted", FastPathAttacks::usual));
  }

  private static final List<String> ODD =
      List.of(
          "/tiles/../admin/x",
          "/tiles/..;/admin/x",
          "/tiles//x/../../admin/x",
          "/tiles/%2e%2e/admin/x",
          "/tiles/%2e%2e%2fadmin/x",
          "/tiles/.%00/x",
          "/tiles/a\\..\\admin");

  private static void oddPaths(Gateway gw) {
    for (var path : ODD) {
      assertThat(gw.get(path + KEY).status()).as(path).isIn(400, 404);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void oddPathsOverHttp2(Gateway gw) {
    for (var path : ODD) {
      assertThat(http2(gw, path + KEY)).as(path).isIn(400, 404, 0);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static List<Field> fields(String target) {
    return List.of(
        new Field(":method", "GET"),
        new Field(":scheme", "https"),
        new Field(":authority", HOST),
        new Field(":path", target));
  }

  private static int http2(Gateway gw, String target) {
    try (var client = new Http2Client(gw)) {
      return client.request(fields(target), "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void lateTrailers(Gateway gw) throws IOException {
    try (var client = new Http2Client(gw)) {
      var trailer = new Field("x-forwarded-for", "forged");
      assertThat(client.endedByEmptyData(fields(PATH + KEY), List.of(trailer), 100)).isIn(0, 400);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void version(Gateway gw) {
    for (var version : List.of("HTTP/2.0", "HTTP/1.9", "HTTP/3.0")) {
      var reply = gw.raw("GET " + PATH + KEY + " " + version + "\r\nHost: " + HOST + "\r\n\r\n");
      assertThat(reply.status()).as(version).isIn(0, 400, 505);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void documents(Gateway gw) {
    for (var path : List.of("/data/v3.json", "/data/v3.JSON")) {
      assertThat(gw.get(path + KEY).status()).isEqualTo(200);
      assertThat(gw.server.seen().getLast().target()).isEqualTo(path + KEY);
    }
  }

  private static void longPath(Gateway gw) {
    var path = "/tiles/" + "a".repeat(9000);
    refused(gw, gw.get(path + KEY), 414, "uri-size");
    assertThat(http2(gw, path + KEY)).isIn(414, 0);
  }

  private static void controlBytes(Gateway gw) {
    for (var value : List.of("a\u0001b", "\u007f", "a\u001b[0m")) {
      refused(gw, gw.get(PATH + KEY, "User-Agent: " + value), 400, "request-bytes");
    }
  }

  private static void twoOrigins(Gateway gw) {
    refused(
        gw,
        gw.get(PATH + KEY, "Origin: https://a.example", "Origin: https://b.example"),
        400,
        "request-headers");
  }

  private static void twoReferers(Gateway gw) {
    refused(
        gw,
        gw.get(PATH + KEY, "Referer: https://a.example", "Origin: x", "Referer: https://b.example"),
        400,
        "request-headers");
  }

  /** As browsers write them. */
  private static void usual(Gateway gw) {
    var reply =
        gw.get(
            PATH + KEY,
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
            "Accept: */*",
            "Accept-Language: en",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Referer: https://www.example.com/",
            "Origin: https://www.example.com",
            "Sec-Fetch-Dest: empty",
            "Sec-Fetch-Mode: cors",
            "Priority: u=4");
    KeyAttacks.allowed(gw, reply, EVERYTHING);
    assertThat(reply.header("access-control-allow-origin")).contains("*");
    assertThat(reply.header("ratelimit-policy")).isNotEmpty();
    assertThat(gw.server.seen().getFirst().target()).isEqualTo(PATH);
  }
}
