package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusRepairLimiterTest {
  private static final Instant NOON = Instant.parse("2027-03-01T12:00:00Z");

  private final StatusRepairLimiter putBacks = new StatusRepairLimiter();

  @Test
  void threeAreNotHeldUpAndTheRestOfAFightIsPaced() {
    assertThat(Stream.generate(() -> putBacks.take("a", NOON)).limit(3))
        .allMatch(StatusRepairLimiter.Turn::now);
    var held = putBacks.take("a", NOON.plusSeconds(10));
    assertThat(held.pause()).isEqualTo(Duration.ofSeconds(20));
    assertThat(putBacks.take("b", NOON).now()).isTrue();
    var hour = IntStream.range(11, 3_600).mapToObj(i -> putBacks.take("a", NOON.plusSeconds(i)));
    assertThat(hour.filter(StatusRepairLimiter.Turn::now).count()).isEqualTo(119);
  }

  @Test
  void eventsOfAFightAreFew() {
    var told =
        IntStream.range(0, 3_600)
            .mapToObj(i -> putBacks.take("a", NOON.plusSeconds(i)))
            .filter(StatusRepairLimiter.Turn::told);
    assertThat(told.count()).isEqualTo(6);
  }

  @Test
  void quietMinuteMakesItAFirstTimeAgain() {
    IntStream.range(0, 3).forEach(_ -> putBacks.take("a", NOON));
    var later = NOON.plusSeconds(60);
    assertThat(Stream.generate(() -> putBacks.take("a", later)).limit(3))
        .allMatch(StatusRepairLimiter.Turn::now);
    assertThat(putBacks.take("a", later).now()).isFalse();
  }

  @Test
  void clockThatIsSetBackHoldsUpForOnePaceOnly() {
    IntStream.range(0, 3).forEach(_ -> putBacks.take("a", NOON));
    assertThat(putBacks.take("a", NOON.minusSeconds(3_600)).pause())
        .isEqualTo(Duration.ofSeconds(30));
  }
}
