package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.CONSOLE_HOST;
import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.Table.ADMIN;
import static io.mapwright.operator.gateway.Table.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Ways to the control plane from where it must not exist. */
final class ConsoleAttacks {
  static final List<String> TRICKS =
      List.of(
          "/admin",
          "/admin/",
          "/ADMIN/",
          "/Admin",
          "/%61dmin",
          "/%61%64%6d%69%6e/",
          "//admin",
          "///admin//",
          "/./admin",
          "/tiles/../admin",
          "/tiles/%2e%2e/admin",
          "/tiles/%2E%2e/admin",
          "/tiles/.%2e/admin",
          "/tiles/..%2fadmin",
          "/tiles/..%2Fadmin",
          "/tiles%2f..%2fadmin",
          "/tiles/%252e%252e/admin",
          "/tiles/%252e%252e%252fadmin",
          "/tiles/..%252fadmin",
          "/tiles/..;/admin",
          "/tiles/..;x=1/admin",
          "/tiles/.;/../admin",
          "/admin;x",
          "/admin;/",
          "/;/admin",
          "/tiles;/../admin",
          "/tiles/..\\admin",
          "/tiles/..%5cadmin",
          "/tiles/..%5Cadmin",
          "\\admin",
          "/%5cadmin",
          "/tiles/..%00/admin",
          "/tiles/%00/../admin",
          "/tiles/..%0d%0a/admin",
          "/tiles/..%09/admin",
          "/tiles/.../admin",
          "/tiles/..%c0%afadmin",
          "/tiles/%c0%ae%c0%ae/admin",
          "/tiles/%e0%80%ae%e0%80%ae/admin",
          "/tiles/..%ef%bc%8fadmin",
          "/v1/geocode/..%2F..%2F..%2Fadmin",
          "/v1/geocode/%252e%252e%252f%252e%252e%252fadmin",
          "/v1/geocode/a%2F..%2Fadmin",
          "/v1/geocode/..%255cadmin",
          "/v1/static/%2e%2e%2f%2e%2e%2fadmin",
          "/v1/geocode/x%2F..;%2F..%2Fadmin",
          "/tiles/%u002e%u002e/admin",
          "/tiles/%2/admin",
          "/tiles/%zz/../admin",
          "/admin%20",
          "/admin%2f",
          "/admin%2Fx",
          "/admin%23",
          "/admin%3f",
          "/admin/..",
          "/admin/../tiles/x",
          "/tiles/..?/admin",
          "/tiles/../admin?key=x",
          "/tiles/%2e/../admin",
          "/..//admin",
          "/%2e%2e/admin",
          "/tiles/.%20/admin",
          "/tiles/..%20/admin",
          "/tiles/ /../admin");

  private ConsoleAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("console from its own host", ConsoleAttacks::reachable),
        Attack.of("path tricks on the public host", ConsoleAttacks::pathTricks),
        Attack.of("path tricks with every scope", ConsoleAttacks::pathTricksWithKey),
        Attack.of("another address", ConsoleAttacks::otherAddress),
        Attack.of("host tricks", ConsoleAttacks::hostTricks),
        Attack.of("forged address headers", ConsoleAttacks::forgedAddress),
        Attack.of("absolute and odd targets", ConsoleAttacks::targets),
        Attack.of("hidden answer equals unknown path", ConsoleAttacks::identical),
        Attack.of("pipelined behind a good request", ConsoleAttacks::pipelined),
        Attack.of("key without admin scope", ConsoleAttacks::wrongKey),
        Attack.of("headers of the console", ConsoleAttacks::headers),
        Attack.of("headers to the console", ConsoleAttacks::requestHeaders),
        Attack.of(
            "no console configured",
            settings -> settings.controlPlane(ConsoleAccess.CLOSED),
            ConsoleAttacks::closed),
        Attack.of(
            "client certificate required",
            settings -> settings.controlPlane(withCertificate()),
            ConsoleAttacks::certificate),
        Attack.of("sign-in throttling", ConsoleAttacks::throttled),
        Attack.of(
            "named proxy's forwarded address",
            settings ->
                settings.clientAddress(
                    new ClientIpSource.ForwardedHeader(List.of(new Cidr("127.0.0.2")))),
            ConsoleAttacks::forwarded),
        Attack.of(
            "PROXY protocol from named peers",
            settings ->
                settings.clientAddress(
                    new ClientIpSource.ProxyProtocol(List.of(new Cidr("127.0.0.2")))),
            ConsoleAttacks::proxyProtocol));
  }

  private static ConsoleAccess withCertificate() {
    return new ConsoleAccess(
        List.of(CONSOLE_HOST), List.of(new Cidr("127.0.0.0/8")), List.of("/admin"), true);
  }

  private static void reachable(Gateway gw) {
    assertThat(gw.console("GET", "/admin/").status()).isEqualTo(200);
    assertThat(gw.console("PUT", "/admin/x").status()).isEqualTo(200);
    assertThat(gw.console("GET", "/ADMIN/x").status()).isEqualTo(200);
    assertThat(gw.console("GET", "/admin/x?key=" + ADMIN.value()).status()).isEqualTo(200);
    assertThat(gw.server.seen().getLast().raw()).doesNotContain(ADMIN.value());
    assertThat(gw.console("GET", "/admin/x", "Authorization: Bearer own-token").status())
        .isEqualTo(200);
    assertThat(gw.server.seen().getLast().header("authorization"))
        .containsExactly("Bearer own-token");
    assertThat(gw.console("GET", "/admin/x", "Authorization: Bearer " + ADMIN.value()).status())
        .isEqualTo(200);
    assertThat(gw.server.seen().getLast().header("authorization")).isEmpty();
  }

  private static void pathTricks(Gateway gw) {
    for (var path : TRICKS) {
      assertThat(gw.get(path).status()).as(path).isIn(400, 401, 404, 0);
    }
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void pathTricksWithKey(Gateway gw) {
    for (var path : TRICKS) {
      gw.get(path + (path.contains("?") ? "&" : "?") + "key=" + EVERYTHING.value());
    }
    assertThat(gw.server.seen())
        .extracting(EchoServer.Seen::target)
        .noneMatch(target -> target.matches("(?i).*(admin|\\.\\.).*"));
  }

  private static void otherAddress(Gateway gw) {
    var reply =
        gw.rawFrom("127.0.0.5", "GET /admin/ HTTP/1.1\r\nHost: " + CONSOLE_HOST + "\r\n\r\n");
    assertThat(reply.problem()).isEqualTo("unknown-path");
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void hostTricks(Gateway gw) {
    for (var host :
        List.of(
            HOST,
            CONSOLE_HOST + ".",
            CONSOLE_HOST + ".evil.example",
            "x." + CONSOLE_HOST,
            CONSOLE_HOST + ":x",
            CONSOLE_HOST + ", " + HOST,
            HOST + "," + CONSOLE_HOST,
            CONSOLE_HOST + " ",
            "\t" + CONSOLE_HOST + "\t\t",
            "[::1]",
            "",
            CONSOLE_HOST + "%00",
            CONSOLE_HOST + "#",
            CONSOLE_HOST + "@" + HOST)) {
      var reply = gw.send(host, "GET", "/admin/", "");
      if (host.strip().equals(CONSOLE_HOST)) {
        continue;
      }
      assertThat(reply.status()).as("Host: " + host).isIn(400, 404, 421, 0);
    }
    var two = "GET /admin/ HTTP/1.1\r\nHost: " + HOST + "\r\nHost: " + CONSOLE_HOST + "\r\n\r\n";
    assertThat(gw.raw(two).status()).isEqualTo(400);
    assertThat(
            gw.raw(
                    "GET /admin/ HTTP/1.1\r\nHost: "
                        + CONSOLE_HOST
                        + "\r\nHost: "
                        + HOST
                        + "\r\n\r\n")
                .status())
        .isEqualTo(400);
    assertThat(gw.raw("GET /admin/ HTTP/1.1\r\n\r\n").status()).isEqualTo(400);
    assertThat(gw.raw("GET /admin/ HTTP/1.0\r\n\r\n").status()).isEqualTo(400);
    assertThat(gw.server.seen())
        .extracting(seen -> seen.header("host"))
        .allMatch(host -> host.equals(List.of(CONSOLE_HOST)));
  }

  private static void forgedAddress(Gateway gw) {
    for (var header :
        List.of(
            "X-Forwarded-For: 127.0.0.1",
            "Forwarded: for=127.0.0.1",
            "X-Real-IP: 127.0.0.1",
            "True-Client-IP: 127.0.0.1",
            "X-Forwarded-Host: " + CONSOLE_HOST)) {
      var reply =
          gw.rawFrom(
              "127.0.0.5",
              "GET /admin/ HTTP/1.1\r\nHost: " + CONSOLE_HOST + "\r\n" + header + "\r\n\r\n");
      assertThat(reply.status()).as(header).isEqualTo(404);
      assertThat(gw.get("/admin/", header).status()).as(header).isEqualTo(404);
    }
  }

  private static void targets(Gateway gw) {
    for (var target :
        List.of(
            "http://" + CONSOLE_HOST + "/admin/",
            "https://" + CONSOLE_HOST + "/admin/",
            "HTTPS://" + HOST + "/admin/",
            "//" + CONSOLE_HOST + "/admin/",
            "admin",
            "*",
            "?/admin",
            "#/admin",
            "/tiles/#/../admin",
            "ftp://x/admin",
            "/\u00e4/../admin",
            HOST + ":443",
            "http:/admin",
            "/tiles/x\u00ff")) {
      assertThat(gw.get(target).status()).as(target).isIn(400, 404, 405, 421, 0);
    }
    assertThat(gw.request("OPTIONS", "*").status()).isIn(400, 404);
    var absolute = "https://" + HOST + KeyAttacks.PATH + "?key=" + EVERYTHING.value();
    assertThat(gw.get(absolute).problem()).isEqualTo("request-target");
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void identical(Gateway gw) {
    for (var method : List.of("GET", "POST", "OPTIONS", "DELETE")) {
      var hidden = gw.request(method, "/admin/users", "Origin: https://evil.example");
      var unknown = gw.request(method, "/nowhere/users", "Origin: https://evil.example");
      assertThat(hidden.status()).isEqualTo(unknown.status());
      assertThat(withoutId(hidden)).isEqualTo(withoutId(unknown));
    }
  }

  private static String withoutId(Reply reply) {
    return reply.toString().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
  }

  private static void pipelined(Gateway gw) {
    var good =
        "GET /v1/tiles/a?key=" + EVERYTHING.value() + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
    var bad = "GET /admin/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
    var replies = gw.pipeline(good + bad + good);
    assertThat(replies).extracting(Reply::status).containsExactly(200, 404, 200);
    assertThat(gw.server.seen()).hasSize(2);
  }

  private static void wrongKey(Gateway gw) {
    assertThat(gw.console("GET", "/admin/?key=" + EVERYTHING.value()).problem())
        .isEqualTo("key-scope");
    assertThat(gw.console("GET", "/admin/", "X-Api-Key: nonsense").problem())
        .isEqualTo("key-malformed");
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void headers(Gateway gw) {
    gw.server.answerWith(
        "Access-Control-Allow-Origin: *\r\nContent-Security-Policy: default-src 'self'\r\n");
    var reply = gw.console("GET", "/admin/", "Origin: https://evil.example");
    assertThat(reply.header("access-control-allow-origin")).isEmpty();
    assertThat(reply.all("x-frame-options")).containsExactly("DENY");
    assertThat(reply.all("content-security-policy"))
        .hasSize(2)
        .anyMatch(policy -> policy.contains("frame-ancestors 'none'"));
    for (var header : List.of("referrer-policy", "cross-origin-opener-policy")) {
      assertThat(reply.all(header)).as(header).containsExactly("same-origin");
    }
    assertThat(reply.all("cross-origin-resource-policy")).containsExactly("same-origin");
    assertThat(reply.all("cache-control")).containsExactly("no-store");
    assertThat(reply.header("strict-transport-security")).isPresent();
    assertThat(reply.header("ratelimit")).isEmpty();
  }

  /** A proxy in front of a console may say who signed in: nobody else may. */
  private static void requestHeaders(Gateway gw) {
    var browsers =
        List.of(
            "Accept-Language",
            "Content-Disposition",
            "HX-Request",
            "If-None-Match",
            "Referer",
            "Sec-CH-UA",
            "Sec-Fetch-Site",
            "X-CSRF-Token",
            "X-CSRFToken",
            "X-Requested-With",
            "X-XSRF-TOKEN");
    var claims =
        List.of(
            "Forwarded",
            "Remote-User",
            "X-Auth-Request-Email",
            "X-Forwarded-Prefix",
            "X-Forwarded-User",
            "X-HTTP-Method-Override",
            "X-Original-URI",
            "X-Remote-User",
            "X-Ssl-Client-Verify",
            "X-Unheard-Of",
            "X-WebAuth-User");
    var sent =
        java.util.stream.Stream.concat(browsers.stream(), claims.stream())
            .map(name -> name + ": claimed")
            .toArray(String[]::new);
    assertThat(gw.console("GET", "/admin/", sent).status()).isEqualTo(200);
    var seen = gw.server.seen().getFirst();
    assertThat(browsers)
        .allSatisfy(name -> assertThat(seen.header(name)).containsExactly("claimed"));
    assertThat(claims).allSatisfy(name -> assertThat(seen.header(name)).as(name).isEmpty());
  }

  private static void closed(Gateway gw) {
    assertThat(gw.console("GET", "/admin/").status()).isEqualTo(421);
    assertThat(gw.get("/admin/").problem()).isEqualTo("unknown-path");
    assertThat(gw.get("/admin/?key=" + ADMIN.value()).problem()).isEqualTo("unknown-path");
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void certificate(Gateway gw) throws Exception {
    assertThat(gw.console("GET", "/admin/").problem()).isEqualTo("unknown-path");
    var request = "GET /admin/ HTTP/1.1\r\nHost: " + CONSOLE_HOST + "\r\n\r\n";
    try (var socket =
        gw.tls(TestCertificates.client("stranger"), "127.0.0.1", gw.settings.ports().https())) {
      socket
          .getOutputStream()
          .write(request.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      assertThat(Reply.read(socket.getInputStream(), false).status()).isEqualTo(200);
    }
    assertThat(ControlAttacks.talk(gw, "foreign", gw.settings.ports().https(), request))
        .doesNotContain(" 200 ");
    assertThat(gw.server.seen()).hasSize(1);
  }

  private static void throttled(Gateway gw) {
    var statuses = new java.util.ArrayList<Integer>();
    for (int i = 0; i < 25; i++) {
      statuses.add(gw.console("POST", "/admin/login").status());
    }
    assertThat(statuses.subList(0, 20)).containsOnly(200);
    assertThat(statuses.subList(20, 25)).containsOnly(429);
    assertThat(gw.console("GET", "/admin/").status()).isEqualTo(200);
  }

  private static void forwarded(Gateway gw) {
    var request = "GET /admin/ HTTP/1.1\r\nHost: " + CONSOLE_HOST + "\r\n";
    Set<Integer> refused =
        List.of(
                gw.rawFrom("127.0.0.3", request + "X-Forwarded-For: 127.0.0.1\r\n\r\n"),
                gw.rawFrom("127.0.0.2", request + "\r\n"),
                gw.rawFrom("127.0.0.2", request + "X-Forwarded-For: 127.0.0.1, 9.9.9.9\r\n\r\n"),
                gw.rawFrom("127.0.0.2", request + "X-Forwarded-For: nonsense\r\n\r\n"))
            .stream()
            .map(Reply::status)
            .collect(Collectors.toSet());
    assertThat(refused).containsExactly(404);
    assertThat(
            gw.rawFrom("127.0.0.2", request + "X-Forwarded-For: 9.9.9.9, 127.0.0.1\r\n\r\n")
                .status())
        .isEqualTo(200);
    assertThat(gw.server.seen().getLast().header("x-forwarded-for")).containsExactly("127.0.0.1");
  }

  private static void proxyProtocol(Gateway gw) throws Exception {
    assertThat(gw.console("GET", "/admin/").status()).isZero();
    assertThat(viaProxy(gw, "127.0.0.2", "PROXY TCP4 127.0.0.1 127.0.0.1 5 443\r\n"))
        .isEqualTo(200);
    assertThat(viaProxy(gw, "127.0.0.2", "PROXY TCP4 9.9.9.9 127.0.0.1 5 443\r\n")).isEqualTo(404);
    assertThat(viaProxy(gw, "127.0.0.2", "")).isZero();
    assertThat(viaProxy(gw, "127.0.0.3", "PROXY TCP4 127.0.0.1 127.0.0.1 5 443\r\n")).isZero();
  }

  private static int viaProxy(Gateway gw, String from, String header) {
    try (var plain = new java.net.Socket()) {
      plain.bind(new java.net.InetSocketAddress(java.net.InetAddress.ofLiteral(from), 0));
      plain.connect(
          new java.net.InetSocketAddress(
              java.net.InetAddress.getLoopbackAddress(), gw.settings.ports().https()));
      plain.setSoTimeout(8000);
      plain.getOutputStream().write(header.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      try (var tls =
          TestCertificates.client("")
              .getSocketFactory()
              .createSocket(plain, CONSOLE_HOST, 443, true)) {
        tls.getOutputStream()
            .write(
                ("GET /admin/ HTTP/1.1\r\nHost: " + CONSOLE_HOST + "\r\n\r\n")
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return Reply.read(tls.getInputStream(), false).status();
      }
    } catch (java.io.IOException e) {
      return 0;
    }
  }
}
