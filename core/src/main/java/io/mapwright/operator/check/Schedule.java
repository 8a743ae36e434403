package io.mapwright.operator.check;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.mapwright.operator.api.v1alpha1.Defaults;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cron expressions as Kubernetes reads them. */
public final class Schedule {
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
          .withSupportedNicknameYearly()
          .withSupportedNicknameAnnually()
          .withSupportedNicknameMonthly()
          .withSupportedNicknameWeekly()
          .withSupportedNicknameDaily()
          .withSupportedNicknameMidnight()
          .withSupportedNicknameHourly()
          .instance();

  private static final String EVERY = "@every ";
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([hms])");
  private static final Pattern DURATION = Pattern.compile("(?:" + PART + ")+");
  private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(3650).toSeconds());

  private Schedule() {}

  /**
   * Returns the time of the second run after a start; empty if the schedule never runs.
   *
   * @param zone name of a time zone
   */
  public static Optional<Instant> twoRunsAfter(
      String schedule, @Nullable String zone, Instant start) {
    if (schedule.startsWith(EVERY)) {
      return Optional.of(start.plus(every(schedule).multipliedBy(2)));
    }
    var time = ExecutionTime.forCron(cron(schedule));
    return time.nextExecution(
            start.atZone(ZoneId.of(Optional.ofNullable(zone).orElse(Defaults.TIME_ZONE))))
        .flatMap(time::nextExecution)
        .map(ZonedDateTime::toInstant);
  }

  /**
   * Reads a schedule as Kubernetes does.
   *
   * @throws IllegalArgumentException if it cannot be parsed, or runs more than once a minute
   */
  public static void check(String schedule) {
    if (schedule.startsWith(EVERY)) {
      var _ = every(schedule);
    } else {
      var _ = cron(schedule);
    }
  }

  /**
   * Like Go's time.ParseDuration, without units below a second. Cron-utils has no such schedule,
   * the JDK accepts neither fractions of hours nor minutes before hours, and fabric8's Duration
   * accepts days, which Kubernetes does not.
   */
  private static Duration every(String schedule) {
    var text = schedule.substring(EVERY.length());
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException("after @every comes a duration such as 6h or 1h30m");
    }
    var seconds = BigDecimal.ZERO;
    for (var parts = PART.matcher(text); parts.find(); ) {
      seconds =
          seconds.add(
              new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(seconds(parts.group(2)))));
    }
    if (seconds.compareTo(MINUTE) < 0 || seconds.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("@every takes 1m at the least and 87600h at the most");
    }
    return Duration.ofSeconds(seconds.longValue());
  }

  private static long seconds(String unit) {
    return switch (unit) {
      case "h" -> 3600;
      case "m" -> 60;
      default -> 1;
    };
  }

  private static Cron cron(String schedule) {
    // Kubernetes treats them alike in every field, cron-utils only in the fields of days.
    var text = schedule.replace('?', '*');
    return new CronParser(KUBERNETES).parse(text).validate();
  }
}
