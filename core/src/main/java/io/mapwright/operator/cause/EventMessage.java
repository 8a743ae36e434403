package io.mapwright.operator.cause;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventSeries;
import io.mapwright.operator.model.Timestamps;
import io.mapwright.operator.status.SanitizedText;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an Event says of an object. Anyone who may write Events can write one, so it explains and
 * decides nothing.
 *
 * @param reason one word, such as FailedMount
 * @param message already bounded and masked
 */
public record EventMessage(String reason, String message) {
  private static final int LONGEST = 512;

  /** Of claims that nothing can be made for, Kubernetes says so as if that were normal. */
  private static final Set<String> PROBLEM_REASONS =
      Set.of("FailedBinding", "ExternalProvisioning");

  /** Returns what the newest one says that is no good news; empty if there is none. */
  public static Optional<EventMessage> newest(List<Event> events) {
    return events.stream()
        .filter(EventMessage::isRelevant)
        .max(Comparator.comparing(EventMessage::time))
        .map(event ->
            new EventMessage(
                SanitizedText.of(Objects.requireNonNullElse(event.getReason(), ""), 64),
                SanitizedText.of(Objects.requireNonNullElse(event.getMessage(), ""), LONGEST)));
  }

  private static boolean isRelevant(Event event) {
    return "Warning".equals(event.getType())
        || PROBLEM_REASONS.contains(Objects.requireNonNullElse(event.getReason(), ""));
  }

  private static Instant time(Event event) {
    var series = Optional.ofNullable(event.getSeries()).map(EventSeries::getLastObservedTime);
    return Stream.of(
            series.map(time -> time.getTime()),
            Optional.ofNullable(event.getLastTimestamp()),
            Optional.ofNullable(event.getEventTime()).map(time -> time.getTime()),
            Optional.ofNullable(event.getMetadata().getCreationTimestamp()))
        .flatMap(Optional::stream)
        // Somebody else wrote it: where it is no time, the next field may say more.
        .flatMap(time -> Timestamps.parse(time).stream())
        .findFirst()
        .orElse(Instant.EPOCH);
  }
}
