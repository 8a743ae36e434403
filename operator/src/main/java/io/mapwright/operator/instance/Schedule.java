package io.mapwright.operator.instance;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cron expressions as Kubernetes reads them. */
final class Schedule {
  /** Five fields; Sunday is 0, and never 7 as in some Unix crontabs. */
  private static final CronDefinition KUBERNETES =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 6)
          .withMondayDoWValue(1)
          .withStrictRange()
          .and()
          .instance();

  private Schedule() {}

  /**
   * Returns when two runs of a schedule have gone by; empty if it never runs.
   *
   * @param zone name of a time zone
   */
  static Optional<Instant> twoRunsAfter(String schedule, @Nullable String zone, Instant start) {
    var time = ExecutionTime.forCron(cron(schedule));
    return time.nextExecution(start.atZone(ZoneId.of(Optional.ofNullable(zone).orElse("UTC"))))
        .flatMap(time::nextExecution)
        .map(ZonedDateTime::toInstant);
  }

  /**
   * Reads a schedule as Kubernetes does.
   *
   * @throws IllegalArgumentException if it can not be read
   */
  static Cron cron(String schedule) {
    var text =
        switch (schedule) {
          case "@yearly", "@annually" -> "0 0 1 1 *";
          case "@monthly" -> "0 0 1 * *";
          case "@weekly" -> "0 0 * * 0";
          case "@daily", "@midnight" -> "0 0 * * *";
          case "@hourly" -> "0 * * * *";
          default -> schedule;
        };
    return new CronParser(KUBERNETES).parse(text).validate();
  }
}
