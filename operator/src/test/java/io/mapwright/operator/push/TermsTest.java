package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TermsTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Terms DAY = new Terms(1, Duration.ofDays(1));

  @Test
  void whatWasToldIsRenewedSeldom() {
    var told = DAY.trustedUntil(NOW);
    assertThat(told).isEqualTo(NOW.plus(Duration.ofDays(1)));
    assertThat(DAY.outdated(told, NOW.plus(Duration.ofMinutes(59)))).isFalse();
    assertThat(DAY.outdated(told, NOW.plus(Duration.ofMinutes(61)))).isTrue();
    assertThat(DAY.outdated(Instant.EPOCH, NOW)).isTrue();
  }

  @Test
  void tooMuchIsTakenBack() {
    var wrongClock = DAY.trustedUntil(NOW.plus(Duration.ofDays(400)));
    assertThat(DAY.outdated(wrongClock, NOW)).isTrue();
    var shorter = new Terms(1, Duration.ofMinutes(10));
    assertThat(shorter.outdated(DAY.trustedUntil(NOW), NOW)).isTrue();
  }

  @Test
  void neverIsToldOnce() {
    var forEver = new Terms(1, Duration.ZERO);
    var told = forEver.trustedUntil(NOW);
    assertThat(told).isAfter(NOW.plus(Duration.ofDays(100_000)));
    assertThat(forEver.outdated(told, NOW.plus(Duration.ofDays(10_000)))).isFalse();
    assertThat(forEver.outdated(DAY.trustedUntil(NOW), NOW)).isTrue();
    assertThat(DAY.outdated(told, NOW)).isTrue();
  }
}
