package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** A pod and its creation time: its log has no earlier line. */
public record PodAge(String name, Instant since) {

  public static Optional<PodAge> oldest(Collection<Pod> pods) {
    return pods.stream()
        .map(pod ->
            new PodAge(
                pod.getMetadata().getName(),
                Instant.parse(pod.getMetadata().getCreationTimestamp())))
        .min(Comparator.comparing(PodAge::since).thenComparing(PodAge::name));
  }
}
