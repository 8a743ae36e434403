package io.mapwright.operator.update;

import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.api.v1alpha1.Weekday;
import io.mapwright.operator.model.Durations;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * When a maintenance window is open, in the local time of its zone, including daylight saving time.
 */
record MaintenanceSchedule(MaintenanceWindow window) {

  /** Whether the window is open; one that opened yesterday may reach into today. */
  boolean at(Instant now) {
    var today = now.atZone(zone()).toLocalDate();
    return List.of(today.minusDays(1), today).stream()
        .filter(this::opensOn)
        .map(this::start)
        .anyMatch(start ->
            !now.isBefore(start) && now.isBefore(start.plus(Durations.parse(window.duration()))));
  }

  /** The next time after {@code now} at which it opens. */
  Instant next(Instant now) {
    var today = now.atZone(zone()).toLocalDate();
    return IntStream.rangeClosed(0, 8)
        .mapToObj(today::plusDays)
        .filter(this::opensOn)
        .map(this::start)
        .filter(start -> start.isAfter(now))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a window opens at least once a week"));
  }

  private boolean opensOn(LocalDate day) {
    return days().contains(day.getDayOfWeek());
  }

  private Set<DayOfWeek> days() {
    return Optional.ofNullable(window.days())
        .map(days ->
            days.stream()
                .map(Weekday::ordinal)
                .map(n -> DayOfWeek.of(n + 1))
                .collect(Collectors.toSet()))
        .orElseGet(() -> EnumSet.allOf(DayOfWeek.class));
  }

  private Instant start(LocalDate day) {
    return day.atTime(LocalTime.parse(window.start())).atZone(zone()).toInstant();
  }

  /** UTC for an unknown zone: the spec is rejected for it, so the result is not used. */
  private ZoneId zone() {
    return ZoneId.of(
        Optional.ofNullable(window.timeZone())
            .filter(ZoneId.getAvailableZoneIds()::contains)
            .orElse(Defaults.TIME_ZONE));
  }
}
