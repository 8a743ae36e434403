package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.Lenders.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Several real gateways that lend each other parts of limits (decision 0042), and traffic on them.
 * A key has 10 requests a second, so 100 in ten seconds, unless a case says otherwise.
 */
@Timeout(300)
class LendingIT {
  private static final int GATEWAYS = 4;
  private static final RequestRate TEN = new RequestRate(10, 50, 0);

  /** What a request does not find free at once may still be free after the others were asked. */
  private static final Duration SOON = Duration.ofMillis(2500);

  @TestFactory
  Stream<DynamicNode> lends() {
    return GatewayAttackIT.onEach(haproxy ->
        Stream.of(
            test("a client on one connection has the whole burst", haproxy, LendingIT::burst),
            test("and the whole rate, no more and no less", haproxy, LendingIT::pinned),
            test("so has one address of many", haproxy, LendingIT::client),
            test("all gateways together keep to the limit", haproxy, LendingIT::together),
            test("a client that moves is hardly noticed", haproxy, LendingIT::moves),
            test("a gateway that is killed is missed for two seconds", haproxy, LendingIT::killed),
            test(
                "one that hangs delays no request for long, and is told",
                haproxy,
                LendingIT::hangs),
            test(
                "of different opinions about their number, none lends",
                haproxy,
                LendingIT::disagree),
            test("nonsense lends nothing and breaks nothing", haproxy, LendingIT::nonsense),
            test(
                "so has a client without a key",
                haproxy,
                settings ->
                    settings
                        .anonymousScopes(Set.of(Scope.FONTS))
                        .limits(anonymous(new RequestRate(10, 50, 0))),
                LendingIT::anonymous)));
  }

  private interface Check {
    void run(Lenders lenders) throws Exception;
  }

  private static DynamicTest test(String name, Path haproxy, Check check) {
    return test(name, haproxy, settings -> settings, check);
  }

  private static DynamicTest test(
      String name, Path haproxy, UnaryOperator<GatewaySettings.Builder> change, Check check) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try (var lenders = new Lenders(haproxy, GATEWAYS, change)) {
            check.run(lenders);
          }
        });
  }

  private static void burst(Lenders lenders) throws IOException {
    var key = lenders.key(new RequestRate(1000, 100, 0));
    assertThat(admitted(lenders.ask(0, url(key), 100))).isBetween(97L, 105L);
  }

  private static void pinned(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    var answers = lenders.flood(Duration.ofSeconds(16), url(key), 0);
    assertThat(mostWithin(answers, 10_000)).isLessThanOrEqualTo(110);
    // 100 at once, and ten a second once ten seconds are over.
    assertThat(admitted(answers)).isBetween(145L, 170L);
  }

  private static void client(Lenders lenders) throws IOException {
    var key = lenders.key(new RequestRate(10_000, 10_000, 10));
    assertThat(admitted(lenders.ask(0, url(key), 130))).isBetween(97L, 105L);
  }

  private static void anonymous(Lenders lenders) throws Exception {
    var answers = lenders.flood(Duration.ofSeconds(6), "/fonts/a/0-255.pbf", 0);
    assertThat(admitted(answers)).isBetween(97L, 110L);
    assertThat(admitted(lenders.ask(1, "/fonts/a/0-255.pbf", 30))).isLessThanOrEqualTo(3);
  }

  private static void together(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    var answers = lenders.flood(Duration.ofSeconds(22), url(key), 0, 1, 2, 3);
    assertThat(mostWithin(answers, 10_000)).isLessThanOrEqualTo(110);
    assertThat(mostWithin(answers, 1_000)).isLessThanOrEqualTo(55);
    assertThat(admitted(answers)).isGreaterThan(180);
  }

  private static void moves(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    for (int gateway = 0; gateway < GATEWAYS; gateway++) {
      var answers = lenders.pace(Duration.ofSeconds(5), 5, url(key), gateway);
      assertThat(admitted(answers)).as("at gateway %d", gateway).isGreaterThan(20);
    }
  }

  private static void killed(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    assertThat(lenders.pace(Duration.ofSeconds(11), 6, url(key), 0)).allMatch(Answer::admitted);
    lenders.kill(0);
    var answers = lenders.pace(Duration.ofSeconds(8), 6, url(key), 1);
    assertThat(answers)
        .filteredOn(answer -> !answer.admitted())
        .allMatch(answer -> answer.after().compareTo(SOON) < 0);
  }

  private static void hangs(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    assertThat(lenders.pace(Duration.ofSeconds(4), 6, url(key), 0)).allMatch(Answer::admitted);
    lenders.suspend(2);
    var answers = lenders.pace(Duration.ofSeconds(22), 6, url(key), 0);
    assertThat(answers).allMatch(Answer::admitted);
    assertThat(answers).allMatch(answer -> answer.took().toMillis() < 1000);
    assertThat(lenders.silent(0)).isEqualTo(lenders.address(2));
    lenders.resume(2);
    assertThat(lenders.pace(Duration.ofSeconds(22), 6, url(key), 0)).allMatch(Answer::admitted);
    assertThat(lenders.silent(0)).isEqualTo("-");
  }

  private static void disagree(Lenders lenders) throws Exception {
    var key = lenders.key(TEN);
    lenders.share(0, GATEWAYS + 1);
    assertThat(admitted(lenders.ask(0, url(key), 40))).isBetween(10L, 13L);
    lenders.share(0, GATEWAYS);
    assertThat(lenders.flood(Duration.ofSeconds(4), url(key), 0, 1))
        .filteredOn(Answer::admitted)
        .hasSizeLessThanOrEqualTo(90);
  }

  private static void nonsense(Lenders lenders) throws Exception {
    var long81 = "a".repeat(81);
    for (var headers :
        List.of(
            List.<String>of(),
            List.of("x-key: abc", "x-counts: nothing", "x-limits: 1:50:100:4"),
            List.of("x-key: " + long81, "x-counts: keys", "x-limits: 1:50:100:4"),
            List.of("x-key: abc", "x-counts: keys", "x-limits: 1:50:0:4"),
            List.of("x-key: abc", "x-counts: keys", "x-limits: 1:-50:100:4"),
            List.of("x-key: abc", "x-counts: keys", "x-limits: " + "9".repeat(60)),
            List.of("x-loans: 1:2:3:abc,::,9999999999999999999999999:1:1:abc"))) {
      for (var path : List.of("/share", "/loans")) {
        var reply =
            LendingAttacks.ask(lenders.first(), "server", path, headers.toArray(String[]::new));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-answer")).as(path + " " + headers).isEmpty();
      }
    }
    assertThat(LendingAttacks.ask(lenders.first(), "server", "/other").status()).isEqualTo(403);
    burst(lenders);
    assertThat(lenders.errors()).doesNotContain("lending:");
  }

  private static Limits anonymous(RequestRate rate) {
    var limits = Limits.DEFAULTS;
    return new Limits(
        limits.maxBodyBytes(),
        limits.maxUriBytes(),
        limits.maxHeaders(),
        limits.maxConnections(),
        limits.maxConnectionsPerAddress(),
        rate,
        limits.badKeysPerTenSeconds(),
        limits.loginsPerMinute(),
        limits.scopeCosts(),
        false,
        limits.threads());
  }

  private static long admitted(List<Answer> answers) {
    return answers.stream().filter(Answer::admitted).count();
  }

  /** The most that were admitted in any window of that many milliseconds. */
  private static int mostWithin(List<Answer> answers, int millis) {
    var times =
        answers.stream()
            .filter(Answer::admitted)
            .mapToLong(answer -> answer.after().toMillis())
            .sorted()
            .toArray();
    int most = 0;
    for (int first = 0, last = 0; last < times.length; last++) {
      while (times[last] - times[first] >= millis) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  private static String url(PlainKey key) {
    return "/data/tiles/1/2/3.pbf?key=" + key.value();
  }
}
