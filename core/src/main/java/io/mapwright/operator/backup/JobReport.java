package io.mapwright.operator.backup;

import io.mapwright.operator.api.v1alpha1.SnapshotStatus;
import io.mapwright.operator.status.Excerpt;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a job reported in its termination message: lines {@code name=value}, then {@code log:} and
 * the last lines of the stage that failed.
 *
 * @param stage the stage that failed, or "done"
 * @param exitCode of that stage
 * @param facts the other values, by name
 * @param log last lines, empty if all went well
 */
public record JobReport(String stage, int exitCode, Map<String, String> facts, String log) {
  private static final String LOG = "log:";

  /** A kubelet keeps as much of a termination message. */
  private static final int LONGEST_MESSAGE = 4096;

  private static final int LONGEST_STAGE = 64;
  private static final int LONGEST_FACT = 256;
  private static final int MOST_FACTS = 32;

  /** The last year with four digits. */
  private static final int LAST_YEAR = 9999;

  /**
   * Parses a message; empty if it is not a report, for example because the container was killed.
   */
  public static Optional<JobReport> parse(String message) {
    var facts = new HashMap<String, String>();
    var lines = Excerpt.of(message, LONGEST_MESSAGE).lines().iterator();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.equals(LOG)) {
        break;
      }
      var sign = line.indexOf('=');
      if (sign > 0 && facts.size() < MOST_FACTS) {
        facts.put(line.substring(0, sign), Excerpt.of(line.substring(sign + 1), LONGEST_FACT));
      }
    }
    var rest = new StringBuilder();
    lines.forEachRemaining(line -> rest.append(line).append('\n'));
    var stage = facts.remove("stage");
    var exit = number(facts.remove("exit"));
    return stage == null || exit.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JobReport(
                Excerpt.of(stage, LONGEST_STAGE),
                exit.get().intValue(),
                Map.copyOf(facts),
                printable(rest)));
  }

  /** The same with other facts: those of all containers of a pod. */
  public JobReport withFacts(Map<String, String> all) {
    return new JobReport(stage, exitCode, Map.copyOf(all), log);
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  public Optional<String> text(String fact) {
    return Optional.ofNullable(facts.get(fact)).filter(value -> !value.isBlank());
  }

  public Optional<Long> number(String fact, long least) {
    return text(fact).flatMap(JobReport::number).filter(n -> n >= least);
  }

  /** The snapshot that the job made or found. */
  public Optional<SnapshotStatus> newest() {
    return text("snapshot")
        .map(id ->
            new SnapshotStatus(
                id, time("snapshotTime").orElse(null), number("bytes", 0).orElse(null)));
  }

  /** A time in whole seconds, so that it reads like every other time in a status. */
  public Optional<String> time(String fact) {
    return text(fact).flatMap(JobReport::instant).map(Instant::toString);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text))
          .filter(time -> time.getYear() > 0 && time.getYear() < LAST_YEAR)
          .map(time -> time.toInstant().truncatedTo(ChronoUnit.SECONDS));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(@Nullable String text) {
    return Optional.ofNullable(text).filter(t -> t.matches("[0-9]{1,18}")).map(Long::parseLong);
  }

  /** Control characters are not wanted in a status. */
  private static String printable(CharSequence text) {
    return text.toString()
        .lines()
        .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" | "));
  }
}
