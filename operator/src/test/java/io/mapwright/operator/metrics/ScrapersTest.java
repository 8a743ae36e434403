package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.metrics.Review.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScrapersTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Verdict verdict = Verdict.ALLOWED;
  private final Scrapers scrapers =
      new Scrapers(
          _ -> {
            asked.incrementAndGet();
            return verdict;
          },
          now::get,
          Scrapers.MAX_WAIT);

  private static int status(Scrapers scrapers, String token) {
    return scrapers
        .refusal(Optional.of("Bearer " + token))
        .map(HttpPort.Answer::status)
        .orElse(200);
  }

  @Test
  void answersAreRememberedForAMoment() {
    assertThat(status(scrapers, "a")).isEqualTo(200);
    verdict = Verdict.FORBIDDEN;
    assertThat(status(scrapers, "a")).isEqualTo(200);
    assertThat(asked).hasValue(1);
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(status(scrapers, "a")).isEqualTo(403);
    verdict = Verdict.ALLOWED;
    assertThat(status(scrapers, "a")).as("a refusal too").isEqualTo(403);
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(status(scrapers, "a")).isEqualTo(200);
  }

  @Test
  void tokensThatAreMadeUpPushNobodyOut() {
    assertThat(status(scrapers, "prometheus")).isEqualTo(200);
    verdict = Verdict.UNKNOWN_TOKEN;
    for (int n = 0; n < 10_000; n++) {
      assertThat(status(scrapers, "made-up-" + n)).isEqualTo(401);
    }
    assertThat(scrapers.size()).isLessThan(65);
    assertThat(status(scrapers, "prometheus")).isEqualTo(200);
  }

  @Test
  void apiServerIsAskedLittleAtATimeAndWhoWasLetInGoesOn() throws InterruptedException {
    var hold = new CountDownLatch(1);
    var waiting = new AtomicInteger();
    var busy =
        new Scrapers(
            token -> {
              if (token.equals("prometheus")) {
                return Verdict.ALLOWED;
              }
              waiting.incrementAndGet();
              try {
                hold.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Verdict.UNKNOWN_TOKEN;
            },
            now::get,
            Duration.ofMillis(200));
    assertThat(status(busy, "prometheus")).isEqualTo(200);
    for (int n = 0; n < 20; n++) {
      var token = "made-up-" + n;
      Thread.startVirtualThread(() -> status(busy, token));
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> waiting.get() == 4);
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(status(busy, "prometheus")).isEqualTo(200);
    assertThat(status(busy, "new-scraper")).isEqualTo(503);
    assertThat(waiting).hasValue(4);
    now.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(status(busy, "prometheus")).as("not forever").isEqualTo(503);
    hold.countDown();
  }

  @Test
  void apiServerThatSaysNothingLetsNobodyIn() {
    var silent =
        new Scrapers(
            _ -> {
              throw new IllegalStateException("no answer");
            },
            now::get,
            Scrapers.MAX_WAIT);
    assertThat(status(silent, "a")).isEqualTo(503);
    assertThat(silent.size()).isZero();
  }

  @Test
  void tokenIsInNoText() {
    var request = new HttpPort.Request("/metrics", Optional.of("Bearer secret"));
    assertThat(request.toString()).doesNotContain("secret");
  }
}
