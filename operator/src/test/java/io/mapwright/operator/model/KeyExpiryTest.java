package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExpiryTest {
  @Test
  void keyWithoutTimesNeverEnds() {
    assertThat(KeyExpiry.of(Given.key(""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2028-01-31T00:00:00Z, 2028-01-31T00:00:00Z",
    "2028-01-31T00:00:00.5+01:00, 2028-01-30T23:00:00.5Z",
    "2028-02-29T23:59:59-08:00, 2028-03-01T07:59:59Z"
  })
  void absoluteTimeIsTakenWithItsZone(String text, Instant end) {
    assertThat(KeyExpiry.of(Given.key("expiresAt: \"" + text + "\""))).contains(end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2027-02-31T00:00:00Z",
        "2027-13-01T00:00:00Z",
        "2027-01-01T25:00:00Z",
        "2027-01-01T00:00:00+23:59",
        "soon"
      })
  void timeThatTheCalendarDoesNotKnowIsOver(String text) {
    assertThat(KeyExpiry.of(Given.key("expiresAt: \"" + text + "\""))).contains(Instant.EPOCH);
  }

  @Test
  void timeToLiveBeginsWhenTheObjectWasMade() {
    assertThat(KeyExpiry.of(Given.key("ttl: 30d")))
        .contains(Instant.parse("2027-02-01T00:00:00Z").plusSeconds(30 * 86400));
  }
}
