package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.KeyExpiry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The effects of time on a key, as of one moment.
 *
 * @param end when the key ends
 * @param warning the warning period that has started; none that exceeds the lifetime of the key
 * @param waits until when a due replacement waits
 * @param nextRotation when {@code rotation.every} requires the next key
 * @param nextDeadline the next time at which something changes
 */
record KeySchedule(
    Optional<Instant> end,
    Optional<Duration> warning,
    Optional<Instant> waits,
    Optional<Instant> nextRotation,
    Optional<Instant> nextDeadline) {
  private static final List<Duration> WARNINGS = List.of(Duration.ofDays(7), Duration.ofDays(1));

  private record Warning(Duration before, Instant at) {}

  static KeySchedule of(KeyFacts facts, Digests digests) {
    var end = KeyExpiry.of(facts.key());
    var warnings = warnings(facts.key(), end);
    var waits = Replacement.waits(facts, digests);
    var nextRotation = Replacement.nextRotation(digests, facts.key().getSpec().rotation());
    var previous = digests.previous();
    var formerEnds = Optional.ofNullable(previous == null ? null : previous.notAfter());
    var deadlines =
        Stream.concat(
            warnings.stream().map(Warning::at),
            Stream.of(end, nextRotation, waits, formerEnds.map(Instant::parse))
                .flatMap(Optional::stream));
    return new KeySchedule(
        end,
        warnings.stream()
            .filter(warning -> !facts.now().isBefore(warning.at()))
            .map(Warning::before)
            .min(Duration::compareTo),
        waits,
        nextRotation,
        deadlines.filter(facts.now()::isBefore).min(Instant::compareTo));
  }

  private static List<Warning> warnings(ApiKey key, Optional<Instant> end) {
    var made = Instant.parse(key.getMetadata().getCreationTimestamp());
    return end.stream()
        .flatMap(e -> WARNINGS.stream().map(before -> new Warning(before, e.minus(before))))
        .filter(warning -> made.isBefore(warning.at()))
        .toList();
  }
}
