package io.mapwright.operator.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({
    // One missed run is no alarm, two are.
    "0 3 * * *, UTC, 2027-03-01T03:05:00Z, 2027-03-02T12:00:00Z, false",
    "0 3 * * *, UTC, 2027-03-01T03:05:00Z, 2027-03-03T02:59:00Z, false",
    "0 3 * * *, UTC, 2027-03-01T03:05:00Z, 2027-03-03T03:01:00Z, true",
    "@hourly, UTC, 2027-03-01T03:05:00Z, 2027-03-01T05:01:00Z, true",
    "@weekly, UTC, 2027-03-01T03:05:00Z, 2027-03-13T00:00:00Z, false",
    "@weekly, UTC, 2027-03-01T03:05:00Z, 2027-03-14T00:01:00Z, true",
    "@daily, UTC, 2027-03-01T03:05:00Z, 2027-03-03T00:01:00Z, true",
    "@midnight, Europe/Oslo, 2027-03-01T03:05:00Z, 2027-03-02T22:59:00Z, false",
    "@midnight, Europe/Oslo, 2027-03-01T03:05:00Z, 2027-03-02T23:01:00Z, true",
    "@monthly, UTC, 2027-03-01T03:05:00Z, 2027-04-30T23:59:00Z, false",
    "@monthly, UTC, 2027-03-01T03:05:00Z, 2027-05-01T00:01:00Z, true",
    "@yearly, UTC, 2027-03-01T03:05:00Z, 2028-12-31T23:59:00Z, false",
    "@annually, UTC, 2027-03-01T03:05:00Z, 2029-01-01T00:01:00Z, true",
    // The zone counts: 3 o'clock in Oslo is 2 o'clock UTC in winter, 1 o'clock in summer.
    "0 3 * * *, Europe/Oslo, 2027-03-01T02:05:00Z, 2027-03-03T01:59:00Z, false",
    "0 3 * * *, Europe/Oslo, 2027-03-01T02:05:00Z, 2027-03-03T02:01:00Z, true",
    "0 3 * * *, Europe/Oslo, 2027-07-01T01:05:00Z, 2027-07-03T01:01:00Z, true",
    // A night whose clock change skips the hour of the run.
    "30 2 * * *, Europe/Oslo, 2027-03-27T01:35:00Z, 2027-03-28T12:00:00Z, false",
    "0 3 ? * *, UTC, 2027-03-01T03:05:00Z, 2027-03-03T03:01:00Z, true",
    // From the last success, not from midnight.
    "@every 6h, UTC, 2027-03-01T03:05:00Z, 2027-03-01T15:04:59Z, false",
    "@every 6h, UTC, 2027-03-01T03:05:00Z, 2027-03-01T15:05:01Z, true",
    "@every 1h30m, Europe/Oslo, 2027-03-28T00:05:00Z, 2027-03-28T03:05:01Z, true",
    // A date that never comes.
    "0 0 31 2 *, UTC, 2020-01-01T00:00:00Z, 2027-03-01T00:00:00Z, false",
    // A success in the future, after the clock was set back.
    "0 3 * * *, UTC, 2028-01-01T00:00:00Z, 2027-03-01T00:00:00Z, false"
  })
  void backupIsTooOldAfterTwoRunsOfItsSchedule(
      String schedule, String zone, Instant last, Instant now, boolean tooOld) {
    var end = Schedule.twoRunsAfter(schedule, zone, last);
    assertThat(end.map(now::isAfter).orElse(false)).isEqualTo(tooOld);
  }
}
