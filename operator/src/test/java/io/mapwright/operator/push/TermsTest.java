package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TermsTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Terms DAY = new Terms(1, Duration.ofDays(1), Set.of());

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
    var shorter = new Terms(1, Duration.ofMinutes(10), Set.of());
    assertThat(shorter.outdated(DAY.trustedUntil(NOW), NOW)).isTrue();
  }

  @Test
  void eachGatewayIsToldOfTheOthers() {
    var three = new Terms(3, Duration.ofDays(1), Set.of("10.0.0.3", "10.0.0.1", "fd00::2"));
    assertThat(three.others("10.0.0.1")).isEqualTo("10.0.0.3,fd00::2");
    assertThat(DAY.others("10.0.0.1")).isEqualTo("-");
    var both = new Terms(2, Duration.ofDays(1), Set.of("fd00::1", "10.0.0.9", "10.0.0.1"));
    assertThat(both.others("10.0.0.1")).isEqualTo("10.0.0.9,fd00::1");
    var many = IntStream.range(0, 200).mapToObj(i -> "10.0.0." + i).collect(Collectors.toSet());
    var crowd = new Terms(200, Duration.ofDays(1), many);
    assertThat(crowd.others("10.0.0.1").split(",", -1)).hasSize(64);
    var leaving = new Terms(1, Duration.ofDays(1), Set.of("10.0.0.1", "10.0.0.2"));
    assertThat(leaving.others("10.0.0.1")).isEqualTo("-");
  }

  @Test
  void whatAGatewaySaysOfOthersIsReadAsAddressesAndBounded() {
    assertThat(silent("-")).isEmpty();
    assertThat(silent("")).isEmpty();
    assertThat(silent("10.0.0.1,fd00::2")).containsExactly("10.0.0.1", "fd00::2");
    assertThat(silent("10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4")).hasSize(3);
    assertThat(silent("mpw_pk_secret\n".repeat(1000))).isEmpty();
    assertThat(silent("1".repeat(5000))).isEmpty();
  }

  private static List<String> silent(String text) {
    return new ReplicaReport(null, null, "2", "", text, Map.of(), false, null).silentGateways();
  }

  @Test
  void neverIsToldOnce() {
    var forEver = new Terms(1, Duration.ZERO, Set.of());
    var told = forEver.trustedUntil(NOW);
    assertThat(told).isAfter(NOW.plus(Duration.ofDays(100_000)));
    assertThat(forEver.outdated(told, NOW.plus(Duration.ofDays(10_000)))).isFalse();
    assertThat(forEver.outdated(DAY.trustedUntil(NOW), NOW)).isTrue();
    assertThat(DAY.outdated(told, NOW)).isTrue();
  }
}
