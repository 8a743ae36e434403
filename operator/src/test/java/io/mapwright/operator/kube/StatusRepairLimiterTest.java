package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusRepairLimiterTest {
  private static final Instant NOON = Instant.parse("2027-03-01T12:00:00Z");

  private final StatusRepairLimiter limiter = new StatusRepairLimiter();

  @Test
  void threeAreNotHeldUpAndTheRestOfAFightIsPaced() {
    assertThat(Stream.generate(() -> limiter.take("a", NOON)).limit(3))
        .allMatch(StatusRepairLimiter.Turn::now);
    var held = limiter.take("a", NOON.plusSeconds(10));
    assertThat(held.pause()).isEqualTo(Duration.ofSeconds(20));
    assertThat(limiter.take("b", NOON).now()).isTrue();
    var hour = IntStream.range(11, 3_600).mapToObj(i -> limiter.take("a", NOON.plusSeconds(i)));
    assertThat(hour.filter(StatusRepairLimiter.Turn::now).count()).isEqualTo(119);
  }

  @Test
  void eventsOfAFightAreFew() {
    var reported =
        IntStream.range(0, 3_600)
            .mapToObj(i -> limiter.take("a", NOON.plusSeconds(i)))
            .filter(StatusRepairLimiter.Turn::publishEvent);
    assertThat(reported.count()).isEqualTo(6);
  }

  @Test
  void quietMinuteMakesItAFirstTimeAgain() {
    IntStream.range(0, 3).forEach(_ -> limiter.take("a", NOON));
    var later = NOON.plusSeconds(60);
    assertThat(Stream.generate(() -> limiter.take("a", later)).limit(3))
        .allMatch(StatusRepairLimiter.Turn::now);
    assertThat(limiter.take("a", later).now()).isFalse();
  }

  @Test
  void clockThatIsSetBackHoldsUpForOnePaceOnly() {
    IntStream.range(0, 3).forEach(_ -> limiter.take("a", NOON));
    assertThat(limiter.take("a", NOON.minusSeconds(3_600)).pause())
        .isEqualTo(Duration.ofSeconds(30));
  }
}
