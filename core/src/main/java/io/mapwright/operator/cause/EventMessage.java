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
 * An Event about an object. Anyone who may write Events can forge one, so it is only used for
 * explanations.
 *
 * @param reason such as FailedMount
 * @param message already bounded and masked
 */
public record EventMessage(String reason, String message) {
  private static final int LONGEST = 512;

  /** Kubernetes reports claims that cannot be provisioned with Events of type Normal. */
  private static final Set<String> PROBLEM_REASONS =
      Set.of("FailedBinding", "ExternalProvisioning");

  /** Returns the newest one that reports a problem; empty if there is none. */
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
        // Not written by the operator: a field that is not a time is skipped.
        .flatMap(time -> Timestamps.parse(time).stream())
        .findFirst()
        .orElse(Instant.EPOCH);
  }
}
