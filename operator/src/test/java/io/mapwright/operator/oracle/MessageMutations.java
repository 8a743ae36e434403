package io.mapwright.operator.oracle;

import java.util.List;

/** Methods, hosts, targets, bodies, protocols and addresses. */
final class MessageMutations {
  private static final List<String> HOSTS =
      List.of(
          Places.CONSOLE,
          Places.CONSOLE + ".",
          Places.CONSOLE + ".evil.example",
          "x." + Places.CONSOLE,
          Places.CONSOLE + ":443",
          Places.HOST + ":443",
          Places.HOST + ":80",
          Places.HOST + ":x",
          Places.HOST + ":99999",
          Places.HOST + ":123456",
          "Maps.Example.com:8443",
          "MAPS.Example.com",
          "ADMIN.example.COM",
          Places.HOST + ".",
          "evil.example",
          "127.0.0.1",
          "[::1]",
          "[::1]:443",
          "[::1",
          "",
          "a@" + Places.HOST,
          Places.HOST + "/x",
          Places.HOST + "#",
          Places.HOST + "%00",
          "maps_example.com",
          Places.HOST + "," + Places.CONSOLE,
          "m\u00e4ps.example.com",
          Places.HOST + ":",
          "console.example.com");

  static final List<Mutation> ALL =
      List.of(
          (draft, chance) -> draft.host = chance.one(HOSTS),
          (draft, chance) -> draft.host = chance.one(HOSTS),
          (draft, chance) -> draft.add("Host", chance.one(HOSTS)),
          (draft, chance) ->
              draft.method =
                  chance.one(
                      "PUT",
                      "PATCH",
                      "DELETE",
                      "OPTIONS",
                      "TRACE",
                      "CONNECT",
                      "PROPFIND",
                      "get",
                      "FOO",
                      "QUERY",
                      "HEAD",
                      "POST"),
          (draft, chance) ->
              draft.beforePath =
                  chance.one(
                      "https://maps.example.com",
                      "http://admin.example.com",
                      "x",
                      "*",
                      "//",
                      "//admin.example.com",
                      "HTTPS://maps.example.com:443",
                      "?",
                      ":443"),
          (draft, chance) -> draft.body = chance.one("x", "hello", "a".repeat(5000), ""),
          (draft, chance) -> {
            draft.method = chance.one("POST", "PUT", "DELETE", "GET");
            draft.body = chance.one("x", "GET /admin HTTP/1.1\r\n\r\n");
            draft.length = chance.percent(60);
          },
          (draft, chance) ->
              draft.add("Transfer-Encoding", chance.one("chunked", "gzip", "identity", "")),
          (draft, chance) ->
              draft.add(
                  "Content-Length", chance.one("0", "5", "-1", "x", "0x5", "5, 5", "9999999", "")),
          (draft, chance) -> draft.http2 = !draft.http2,
          (draft, chance) -> {
            draft.http2 = true;
            draft.ownEnd = true;
          },
          (draft, chance) -> {
            draft.http2 = true;
            draft.scheme = chance.one("http", "HTTPS", "ftp", "ws", "", "https ", "coap+tcp");
          },
          (draft, chance) ->
              draft.version = chance.one("HTTP/1.0", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "x"),
          (draft, chance) -> draft.from = chance.one("127.0.0.1", "127.0.0.2", "127.0.0.5"),
          (draft, chance) -> draft.certificate = !draft.certificate,
          (draft, chance) -> draft.add("Expect", chance.one("100-continue", "x")));

  private MessageMutations() {}
}
