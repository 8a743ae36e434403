package io.mapwright.operator.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.api.v1alpha1.Weekday;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaintenanceScheduleTest {
  /** Opens on Saturday evening and reaches into Sunday. */
  private static final MaintenanceSchedule OSLO =
      new MaintenanceSchedule(
          new MaintenanceWindow(List.of(Weekday.Sat), "22:00", "4h", "Europe/Oslo"));

  private static final MaintenanceSchedule DAILY =
      new MaintenanceSchedule(new MaintenanceWindow(null, "02:30", "30m", null));

  @ParameterizedTest
  @CsvSource({
    "2027-02-27T20:59:59Z, false",
    "2027-02-27T21:00:00Z, true",
    "2027-02-28T00:59:59Z, true",
    "2027-02-28T01:00:00Z, false",
    "2027-02-28T21:30:00Z, false"
  })
  void opensInTheLocalTimeOfItsZone(Instant now, boolean open) {
    assertThat(OSLO.at(now)).isEqualTo(open);
  }

  @ParameterizedTest
  @CsvSource({
    "2027-02-27T20:59:59Z, 2027-02-27T21:00:00Z",
    "2027-02-27T21:00:00Z, 2027-03-06T21:00:00Z",
    // The clocks go forward on the last Sunday of March: the next opening is an hour earlier in
    // UTC.
    "2027-03-27T22:00:00Z, 2027-04-03T20:00:00Z"
  })
  void nextOpeningFollowsDaylightSaving(Instant now, Instant next) {
    assertThat(OSLO.next(now)).isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource({
    "2027-02-27T02:29:59Z, false",
    "2027-02-27T02:30:00Z, true",
    "2027-02-27T03:00:00Z, false"
  })
  void withoutDaysItOpensDailyAndInUtc(Instant now, boolean open) {
    assertThat(DAILY.at(now)).isEqualTo(open);
    assertThat(DAILY.next(now)).isAfter(now).isBeforeOrEqualTo(now.plusSeconds(86_400));
  }
}
