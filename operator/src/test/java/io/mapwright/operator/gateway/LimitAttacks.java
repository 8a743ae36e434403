package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.Gateway.HOST;
import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.Table.TILES;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/** Rates and sizes. */
final class LimitAttacks {
  private LimitAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("burst at once", LimitAttacks::burst),
        Attack.of("average over ten seconds", LimitAttacks::sustained),
        Attack.of("refused requests do not count", LimitAttacks::noStarvation),
        Attack.of("per client address", LimitAttacks::perClient),
        Attack.of("a route costs more than a tile", LimitAttacks::cost),
        Attack.of("bodies that come after all heads", LimitAttacks::lateBodies),
        Attack.of("a burst below the cost of a route", LimitAttacks::smallBursts),
        Attack.of("who waits for Retry-After is admitted", LimitAttacks::retryAfter),
        Attack.of("the keys of a rotation share a limit", LimitAttacks::rotation),
        Attack.of("rate headers", LimitAttacks::headers),
        Attack.of("one of three replicas admits a third", LimitAttacks::shares),
        Attack.of("a share below one request is one request", LimitAttacks::smallShares),
        Attack.of(
            "dry run reports and admits",
            settings -> settings.limits(Limits.DEFAULTS.withDryRun(true)),
            LimitAttacks::dryRun),
        Attack.of("flood of bad keys leaves good keys alone", LimitAttacks::badKeys),
        Attack.of(
            "anonymous clients are limited by address",
            LimitAttacks::anonymousSettings,
            LimitAttacks::anonymous),
        Attack.of("large body", gw -> problem(gw.raw(post(1 << 21)), 413, "body-size")),
        Attack.of(
            "long URI",
            gw ->
                problem(
                    gw.get(PATH + "?key=" + TILES.value() + "&a=" + "b".repeat(9000)),
                    414,
                    "uri-size")),
        Attack.of(
            "headers beyond the buffer",
            gw -> assertThat(gw.get(PATH, "X: " + "a".repeat(20_000)).status()).isIn(400, 431, 0)),
        Attack.of("too many headers", LimitAttacks::manyHeaders),
        Attack.of("slow headers are cut", LimitAttacks::slowHeaders),
        Attack.of("slow body is cut", LimitAttacks::slowBody),
        Attack.of(
            "connections of one address",
            settings -> settings.limits(fewConnections()),
            LimitAttacks::connections));
  }

  private static Limits fewConnections() {
    var d = Limits.DEFAULTS;
    return new Limits(
        d.maxBodyBytes(),
        d.maxUriBytes(),
        d.maxHeaders(),
        d.maxConnections(),
        8,
        d.anonymous(),
        d.badKeysPerTenSeconds(),
        d.loginsPerMinute(),
        d.scopeCosts(),
        false,
        2);
  }

  private static GatewaySettings.Builder anonymousSettings(GatewaySettings.Builder settings) {
    var d = Limits.DEFAULTS;
    var limits =
        new Limits(
            d.maxBodyBytes(),
            d.maxUriBytes(),
            d.maxHeaders(),
            d.maxConnections(),
            d.maxConnectionsPerAddress(),
            new RequestRate(100, 5, 0),
            d.badKeysPerTenSeconds(),
            d.loginsPerMinute(),
            Map.of(),
            false,
            2);
    return settings.anonymousScopes(java.util.Set.of(Scope.FONTS)).limits(limits);
  }

  private static void problem(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.problem()).isEqualTo(code);
  }

  private static String url(PlainKey key) {
    return PATH + "?key=" + key.value();
  }

  /** Ask so many times over one connection; the answers' statuses. */
  private static List<Reply> ask(Gateway gw, String from, String target, int times) {
    var replies = new ArrayList<Reply>();
    try (var socket = gw.connect(from)) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < times; i++) {
        socket
            .getOutputStream()
            .write(
                ("GET " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(ISO_8859_1));
        replies.add(Reply.read(in, false));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return replies;
  }

  private static long admitted(List<Reply> replies) {
    return replies.stream().filter(reply -> reply.status() == 200).count();
  }

  /**
   * Rates forget as time passes, so admitted requests may exceed the limit by what the elapsed time
   * adds.
   */
  private static void burst(Gateway gw) throws Exception {
    var key = Table.limited(gw, new RequestRate(1000, 8, 0));
    var start = System.nanoTime();
    var replies = Collections.synchronizedList(new ArrayList<Reply>());
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        pool.execute(() -> replies.addAll(ask(gw, "127.0.0.1", url(key), 10)));
      }
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    assertThat(replies).hasSize(160);
    assertThat(admitted(replies)).isBetween(8L, (long) (8 + Math.ceil(8 * seconds)));
    assertThat(replies)
        .filteredOn(reply -> reply.status() != 200)
        .allMatch(reply -> reply.problem().equals("rate-burst"));
    assertThat(replies)
        .filteredOn(reply -> reply.status() == 429)
        .allMatch(reply -> reply.header("retry-after").orElse("").equals("2"));
  }

  private static void sustained(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(2, 1000, 0));
    var replies = ask(gw, "127.0.0.1", url(key), 60);
    assertThat(admitted(replies)).isBetween(20L, 24L);
    assertThat(replies.getLast().problem()).isEqualTo("rate-sustained");
  }

  private static void noStarvation(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(1000, 5, 0));
    long admitted = 0;
    for (long end = System.nanoTime() + 4_000_000_000L; System.nanoTime() < end; ) {
      admitted += admitted(ask(gw, "127.0.0.1", url(key), 10));
    }
    assertThat(admitted).isBetween(10L, 30L);
  }

  private static void perClient(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(1000, 1000, 1));
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 30))).isBetween(10L, 12L);
    assertThat(admitted(ask(gw, "127.0.0.2", url(key), 30))).isBetween(10L, 12L);
    assertThat(ask(gw, "127.0.0.2", url(key), 1).getFirst().problem()).isEqualTo("rate-client");
  }

  private static void cost(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(10_000, 11, 0));
    var replies = ask(gw, "127.0.0.1", "/v1/route/driving/1,2;3,4?key=" + key.value(), 4);
    assertThat(admitted(replies)).isEqualTo(2);
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 1))).isEqualTo(1);
  }

  private static String route(PlainKey key) {
    return "/v1/route/driving/1,2;3,4?key=" + key.value();
  }

  /** All heads are there before the first body: each has to count in full by then. */
  private static void lateBodies(Gateway gw) throws IOException {
    var key = Table.limited(gw, new RequestRate(10_000, 50, 0));
    var head =
        "POST /v1/route/matrix?key=%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\n"
            .formatted(key.value(), HOST);
    var open = new ArrayList<SSLSocket>();
    try {
      for (int i = 0; i < 60; i++) {
        var socket = gw.connect("127.0.0.1");
        socket.startHandshake();
        open.add(socket);
      }
      for (var socket : open) {
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      }
      Gateway.pause(500);
      var replies = new ArrayList<Reply>();
      for (var socket : open) {
        try {
          socket.getOutputStream().write("{}".getBytes(ISO_8859_1));
          replies.add(Reply.read(new BufferedInputStream(socket.getInputStream()), false));
        } catch (IOException _) {
          replies.add(new Reply(429, List.of(), "cut after a refusal"));
        }
      }
      assertThat(admitted(replies)).isEqualTo(gw.server.seen().size()).isBetween(10L, 15L);
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }

  private static void smallBursts(Gateway gw) {
    for (int burst = 1; burst < 5; burst++) {
      var key = Table.limited(gw, new RequestRate(1000, burst, 0));
      var replies = ask(gw, "127.0.0.1", route(key), 4);
      assertThat(replies.getFirst().status()).as("burst " + burst).isEqualTo(200);
      assertThat(admitted(replies)).as("burst " + burst).isEqualTo(1);
      assertThat(replies.getLast().problem()).isEqualTo("rate-burst");
    }
  }

  /** Each limit is used up, then left alone for as long as the refusal says. */
  private static void retryAfter(Gateway gw) throws Exception {
    var limits =
        List.of(
            new RequestRate(1000, 1, 0),
            new RequestRate(1000, 7, 0),
            new RequestRate(1, 1000, 0),
            new RequestRate(2, 1000, 0),
            new RequestRate(100, 1000, 1),
            new RequestRate(1, 1000, 100),
            // Several at once: the longest wait is reported.
            new RequestRate(1, 10, 1));
    var tasks = new ArrayList<java.util.concurrent.Future<?>>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var limit : limits) {
        for (boolean routes : new boolean[] {false, true}) {
          var key = Table.limited(gw, limit);
          var target = routes ? route(key) : url(key);
          tasks.add(pool.submit(() -> waitAsTold(gw, target, limit)));
        }
      }
    }
    for (var task : tasks) {
      task.get();
    }
  }

  private static void waitAsTold(Gateway gw, String target, RequestRate limit) {
    var what = limit + " " + target.replaceFirst("key=.*", "");
    var refused =
        Stream.generate(() -> ask(gw, "127.0.0.1", target, 1).getFirst())
            .limit(60)
            .filter(reply -> reply.status() == 429)
            .findFirst()
            .orElseThrow(() -> new AssertionError("never refused: " + what));
    int seconds = Integer.parseInt(refused.header("retry-after").orElse("0"));
    assertThat(seconds).as(what).isBetween(1, 16);
    Gateway.pause(seconds * 1000L);
    assertThat(ask(gw, "127.0.0.1", target, 1).getFirst().status())
        .as("%s after %d s (%s)", what, seconds, refused.problem())
        .isEqualTo(200);
  }

  private static void rotation(Gateway gw) {
    var limit = new RequestRate(1000, 10, 0);
    var key = Table.limited(gw, limit);
    var next = Table.successor(gw, key, limit);
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 6))).isEqualTo(6);
    assertThat(admitted(ask(gw, "127.0.0.1", url(next), 10))).isBetween(4L, 5L);
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 5))).isLessThan(2);
    var client = new RequestRate(1000, 1000, 1);
    var one = Table.limited(gw, client);
    var two = Table.successor(gw, one, client);
    assertThat(admitted(ask(gw, "127.0.0.1", url(one), 10))).isEqualTo(10);
    assertThat(admitted(ask(gw, "127.0.0.1", url(two), 10))).isLessThan(2);
  }

  private static void shares(Gateway gw) {
    share(gw, 3);
    var key = Table.limited(gw, new RequestRate(3, 1000, 0));
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 30))).isBetween(10L, 12L);
    var perClient = Table.limited(gw, new RequestRate(1000, 1000, 3));
    assertThat(admitted(ask(gw, "127.0.0.1", url(perClient), 30))).isBetween(10L, 12L);
    share(gw, 1);
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 30))).isBetween(18L, 22L);
  }

  private static void smallShares(Gateway gw) {
    share(gw, 100);
    var key = Table.limited(gw, new RequestRate(10_000, 11, 0));
    var route = "/v1/route/driving/1,2;3,4?key=" + key.value();
    assertThat(admitted(ask(gw, "127.0.0.1", route, 4))).isEqualTo(1);
    var perClient = Table.limited(gw, new RequestRate(1000, 1000, 1));
    assertThat(admitted(ask(gw, "127.0.0.1", url(perClient), 10))).isBetween(1L, 2L);
  }

  private static void share(Gateway gw, int replicas) {
    gw.runtime("set map " + gw.paths.map(GatewayMap.META) + " ready " + replicas);
  }

  private static void headers(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(3, 10, 0));
    var reply = gw.get(url(key));
    assertThat(reply.all("ratelimit-policy"))
        .containsExactly("\"burst\";q=10;w=1, \"sustained\";q=30;w=10");
    assertThat(reply.all("ratelimit")).containsExactly("\"sustained\";r=29;t=10");
  }

  private static void dryRun(Gateway gw) {
    var key = Table.limited(gw, new RequestRate(1000, 3, 0));
    assertThat(admitted(ask(gw, "127.0.0.1", url(key), 10))).isEqualTo(10);
    assertThat(gw.log(10))
        .filteredOn(line -> line.contains("\"dryRun\":\"rate-burst\""))
        .hasSizeBetween(5, 7);
  }

  private static void badKeys(Gateway gw) {
    var refused = ask(gw, "127.0.0.1", url(Table.UNKNOWN), 80);
    assertThat(refused.subList(0, 50)).allMatch(reply -> reply.status() == 401);
    assertThat(refused.getLast().problem()).isEqualTo("bad-keys");
    assertThat(refused.getLast().header("retry-after")).contains("20");
    assertThat(admitted(ask(gw, "127.0.0.1", url(TILES), 20))).isEqualTo(20);
    assertThat(ask(gw, "127.0.0.2", url(Table.UNKNOWN), 1).getFirst().status()).isEqualTo(401);
  }

  private static void anonymous(Gateway gw) {
    assertThat(admitted(ask(gw, "127.0.0.1", "/fonts/a/0-255.pbf", 10))).isBetween(5L, 6L);
    assertThat(admitted(ask(gw, "127.0.0.2", "/fonts/a/0-255.pbf", 3))).isEqualTo(3);
    assertThat(admitted(ask(gw, "127.0.0.1", url(TILES), 10))).isEqualTo(10);
  }

  private static String post(int length) {
    return "POST "
        + url(TILES)
        + " HTTP/1.1\r\nHost: "
        + HOST
        + "\r\nContent-Length: "
        + length
        + "\r\nConnection: close\r\n\r\n";
  }

  private static void manyHeaders(Gateway gw) {
    var lines = new String[200];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "X-" + i + ": y";
    }
    assertThat(gw.get(url(TILES), lines).status()).isIn(400, 431, 0);
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void slowHeaders(Gateway gw) {
    var start = System.nanoTime();
    var reply = gw.raw("GET " + url(TILES) + " HTTP/1.1\r\nHost: " + HOST + "\r\n");
    assertThat(reply.status()).isIn(408, 0);
    assertThat((System.nanoTime() - start) / 1e9).isBetween(3.0, 7.5);
  }

  private static void slowBody(Gateway gw) {
    var start = System.nanoTime();
    assertThat(gw.raw(post(100) + "abc").status()).isIn(408, 0);
    assertThat((System.nanoTime() - start) / 1e9).isBetween(3.0, 7.5);
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void connections(Gateway gw) throws Exception {
    var open = new ArrayList<SSLSocket>();
    try {
      for (int i = 0; i < 8; i++) {
        var socket = gw.connect("127.0.0.1");
        socket.startHandshake();
        open.add(socket);
      }
      assertThat(gw.get(url(TILES)).status()).isZero();
      assertThat(
              gw.rawFrom(
                      "127.0.0.2", "GET " + url(TILES) + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n")
                  .status())
          .isEqualTo(200);
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }
}
