package io.mapwright.operator.instance;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.mapwright.operator.api.v1alpha1.Backup;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** Whether the newest backup is older than two runs of its schedule. */
final class BackupAge {
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

  private BackupAge() {}

  static boolean tooOld(Backup backup, String lastSuccess, Instant now) {
    var zone = ZoneId.of(Optional.ofNullable(backup.timeZone()).orElse("UTC"));
    var time = ExecutionTime.forCron(cron(backup.schedule()));
    return time.nextExecution(Instant.parse(lastSuccess).atZone(zone))
        .flatMap(time::nextExecution)
        .map(ZonedDateTime::toInstant)
        .map(now::isAfter)
        .orElse(false);
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
