package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.CONSOLE_HOST;
import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.Table.EVERYTHING;
import static io.mapwright.operator.gateway.Table.TILES;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.decision.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What HTTP/2 lets a client write that HTTP/1.1 does not, all of it translated for a server that
 * speaks HTTP/1.1.
 */
final class Http2Attacks {
  private static final String URL = PATH + "?key=" + TILES.value();

  private Http2Attacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("plain request", Http2Attacks::plain),
        Attack.of("path tricks over h2", Http2Attacks::pathTricks),
        Attack.of("malformed requests", Http2Attacks::malformed),
        Attack.of("host beside authority", Http2Attacks::hostAndAuthority),
        Attack.of("cookie crumbs", Http2Attacks::crumbs),
        Attack.of("body without length", Http2Attacks::bodyWithoutLength),
        Attack.of("length that lies", Http2Attacks::lyingLength),
        Attack.of("headers twice", Http2Attacks::twice),
        Attack.of("trailers", Http2Attacks::trailers),
        Attack.of("schemes", Http2Attacks::schemes),
        Attack.of("end in an empty DATA frame", Http2Attacks::emptyData));
  }

  private static List<Field> request(String method, String host, String path, Field... more) {
    var fields =
        new ArrayList<>(
            List.of(
                new Field(":method", method),
                new Field(":scheme", "https"),
                new Field(":authority", host),
                new Field(":path", path)));
    fields.addAll(List.of(more));
    return fields;
  }

  private static int send(Gateway gw, List<Field> fields, String body) {
    try (var client = new Http2Client(gw)) {
      return client.request(fields, body);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void plain(Gateway gw) {
    assertThat(send(gw, request("GET", HOST, URL), "")).isEqualTo(200);
    assertThat(gw.server.seen().getFirst().raw())
        .doesNotContain(TILES.value())
        .contains("host: " + HOST);
    assertThat(send(gw, request("GET", HOST, PATH, new Field("x-api-key", TILES.value())), ""))
        .isEqualTo(200);
    assertThat(send(gw, request("GET", HOST, PATH), "")).isEqualTo(401);
  }

  private static void pathTricks(Gateway gw) {
    for (var path : ConsoleAttacks.TRICKS) {
      assertThat(send(gw, request("GET", HOST, path), "")).as(path).isIn(400, 401, 404, 0);
      send(
          gw,
          request(
              "GET", HOST, path + (path.contains("?") ? "&" : "?") + "key=" + EVERYTHING.value()),
          "");
    }
    assertThat(gw.server.seen())
        .extracting(EchoServer.Seen::target)
        .noneMatch(target -> target.matches("(?i).*(admin|\\.\\.).*"));
  }

  private static void malformed(Gateway gw) {
    var good = request("GET", HOST, URL);
    for (var extra :
        List.of(
            new Field("x", "a\r\nx-smuggled: y"),
            new Field("x", "a\nb"),
            new Field("x", "a\0b"),
            new Field("x\r\ny", "a"),
            new Field("x: y", "a"),
            new Field("X-Upper", "a"),
            new Field("", "a"),
            new Field("connection", "x-mapwright-key-id"),
            new Field("transfer-encoding", "chunked"),
            new Field("upgrade", "h2c"),
            new Field(":path", "/admin/"),
            new Field(":authority", CONSOLE_HOST),
            new Field(":status", "200"),
            new Field(":unknown", "x"),
            new Field(":protocol", "websocket"),
            new Field("te", "chunked"))) {
      var fields = new ArrayList<>(good);
      fields.add(extra);
      send(gw, fields, "");
    }
    for (var path :
        List.of(
            "",
            "admin",
            "*",
            "http://" + CONSOLE_HOST + "/admin/",
            "/a b",
            "/a\r\nx: y",
            "/a\0",
            "//" + CONSOLE_HOST + "/admin/",
            "/\u00e9",
            "/#/admin")) {
      assertThat(send(gw, request("GET", HOST, path), "")).as(path).isIn(0, 400, 404);
    }
    for (var method : List.of("CONNECT", "GET / HTTP/1.1\r\nx: y", "G ET", "", "TRACE")) {
      assertThat(send(gw, request(method, HOST, URL), "")).as(method).isIn(0, 400, 405);
    }
    assertThat(send(gw, good.subList(0, 3), "")).isIn(0, 400);
    assertThat(send(gw, good.subList(1, 4), "")).isIn(0, 400);
    assertThat(gw.server.seen())
        .allSatisfy(seen -> {
          assertThat(seen.target()).isEqualTo(PATH);
          assertThat(seen.raw().toLowerCase(java.util.Locale.ROOT))
              .doesNotContain("smuggled")
              .doesNotContain("upgrade")
              .doesNotContain("admin")
              .doesNotContain("chunked");
          assertThat(seen.header("host")).containsExactly(HOST);
          assertThat(seen.header("x-mapwright-key-id")).containsExactly(TILES.keyId());
        });
  }

  private static void hostAndAuthority(Gateway gw) {
    send(gw, request("GET", HOST, "/admin/", new Field("host", CONSOLE_HOST)), "");
    send(gw, request("GET", CONSOLE_HOST, "/admin/", new Field("host", HOST)), "");
    assertThat(gw.server.seen())
        .allSatisfy(seen -> assertThat(seen.header("host")).containsExactly(CONSOLE_HOST));
    assertThat(gw.server.seen()).hasSizeLessThanOrEqualTo(1);
    for (var host :
        List.of(
            HOST + "@" + CONSOLE_HOST,
            HOST + "/x",
            HOST + ":444:444",
            "",
            " " + HOST,
            HOST + "#")) {
      assertThat(send(gw, request("GET", host, URL), "")).as(host).isIn(0, 400, 421);
    }
  }

  private static void crumbs(Gateway gw) {
    send(
        gw,
        request(
            "GET",
            CONSOLE_HOST,
            "/admin/",
            new Field("cookie", "a=1"),
            new Field("cookie", "mapwright_session=root"),
            new Field("cookie", "b=2")),
        "");
    assertThat(gw.server.seen()).hasSize(1);
    assertThat(gw.server.seen().getFirst().header("cookie")).containsExactly("a=1; b=2");
  }

  /** Fields after the body pass no rule, so none may reach the server (RFC 9110, 6.5.1). */
  private static void trailers(Gateway gw) {
    for (var trailer :
        List.of(
            new Field("x-mapwright-scope", "forged"),
            new Field("x-forwarded-for", "forged"),
            new Field("cookie", "mapwright_session=forged"),
            new Field("authorization", "forged"),
            new Field("content-length", "50"),
            new Field("transfer-encoding", "chunked"),
            new Field("x", "a\r\n\r\nGET /forged HTTP/1.1\r\n\r\n"),
            new Field(":path", "/forged"))) {
      for (var length : List.of("", "0", "5")) {
        refuseOrDrop(gw, "GET", HOST, URL, length, trailer);
        refuseOrDrop(gw, "POST", HOST, URL, length, trailer);
        refuseOrDrop(gw, "DELETE", CONSOLE_HOST, "/admin/x", length, trailer);
      }
      assertThat(gw.server.seen())
          .as(trailer.toString())
          .allSatisfy(seen -> {
            assertThat(seen.raw()).doesNotContain("forged").doesNotContain("chunked");
            assertThat(seen.body()).isIn("", "hello");
          });
    }
  }

  private static void refuseOrDrop(
      Gateway gw, String method, String host, String path, String length, Field trailer) {
    var fields =
        length.isEmpty()
            ? request(method, host, path)
            : request(method, host, path, new Field("content-length", length));
    try (var client = new Http2Client(gw)) {
      assertThat(client.request(fields, length.equals("5") ? "hello" : "", List.of(trailer)))
          .as("%s, length %s, %s", method, length, trailer)
          .isIn(0, 200, 400, 411);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The target of another scheme would reach the server as an absolute one. */
  private static void schemes(Gateway gw) {
    for (var scheme : List.of("http", "ftp", "ws", "coap+tcp", "h", "https:", "")) {
      var fields = request("GET", HOST, URL);
      fields.set(1, new Field(":scheme", scheme));
      assertThat(send(gw, fields, "")).as(scheme).isIn(0, 400);
    }
    assertThat(gw.server.seen()).isEmpty();
    var fields = request("GET", HOST, URL);
    fields.set(1, new Field(":scheme", "HTTPS"));
    assertThat(send(gw, fields, "")).isEqualTo(200);
    assertThat(gw.server.seen().getLast().target()).isEqualTo(PATH);
  }

  private static int endedByEmptyData(
      Gateway gw, long after, List<Field> fields, Field... trailers) {
    try (var client = new Http2Client(gw)) {
      return client.endedByEmptyData(fields, List.of(trailers), after);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Legal (RFC 9113, 8.1), and no way in for a body or trailers. */
  private static void emptyData(Gateway gw) {
    int admitted = 0;
    for (long after : new long[] {0, 1, 100}) {
      for (var method : List.of("GET", "HEAD", "OPTIONS")) {
        assertThat(endedByEmptyData(gw, after, request(method, HOST, URL)))
            .as(method)
            .isEqualTo(200);
      }
      assertThat(endedByEmptyData(gw, after, request("DELETE", CONSOLE_HOST, "/admin/x")))
          .isEqualTo(200);
      admitted += 4;
      assertThat(gw.server.seen())
          .hasSize(admitted)
          .allSatisfy(seen -> assertThat(seen.body()).isEmpty());
      // A field that is dropped leaves a gap in what a trailer is told by.
      for (var other : List.of(new Field("a_b", "c"), new Field("a", "b"))) {
        for (var trailer : List.of(new Field("x", ""), new Field("x-mapwright-scope", "forged"))) {
          for (var target :
              List.of(request("GET", HOST, URL), request("DELETE", CONSOLE_HOST, "/admin/x"))) {
            target.add(other);
            assertThat(endedByEmptyData(gw, after, target, trailer)).isIn(0, 400, 411);
          }
        }
      }
      assertThat(gw.server.seen()).hasSize(admitted);
    }
    var body = request("GET", HOST, URL, new Field("content-length", "5"));
    assertThat(endedByEmptyData(gw, 0, body)).isIn(0, 400);
  }

  private static void bodyWithoutLength(Gateway gw) {
    assertThat(send(gw, request("POST", HOST, URL), "hello")).isEqualTo(411);
    assertThat(send(gw, request("GET", HOST, URL), "hello")).isIn(400, 411);
    assertThat(send(gw, request("DELETE", CONSOLE_HOST, "/admin/x"), "hello")).isEqualTo(411);
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void lyingLength(Gateway gw) {
    assertThat(send(gw, request("POST", HOST, URL, new Field("content-length", "2")), "hello"))
        .isIn(0, 400);
    assertThat(
            send(
                gw,
                request("POST", HOST, URL, new Field("content-length", "0")),
                "GET /admin/ HTTP/1.1\r\n\r\n"))
        .isIn(0, 400);
    assertThat(
            send(
                gw,
                request(
                    "POST",
                    HOST,
                    URL,
                    new Field("content-length", "5"),
                    new Field("content-length", "6")),
                "hello"))
        .isIn(0, 400);
    assertThat(gw.server.seen()).isEmpty();
    assertThat(send(gw, request("POST", HOST, URL, new Field("content-length", "5")), "hello"))
        .isEqualTo(200);
    assertThat(gw.server.seen().getFirst().body()).isEqualTo("hello");
  }

  private static void twice(Gateway gw) {
    for (var name : List.of("origin", "x-api-key", "authorization", "referer")) {
      assertThat(
              send(
                  gw,
                  request(
                      "GET",
                      HOST,
                      URL,
                      new Field(name, "https://a.example"),
                      new Field(name, "https://b.example")),
                  ""))
          .as(name)
          .isEqualTo(400);
    }
    assertThat(gw.server.seen()).isEmpty();
  }
}
