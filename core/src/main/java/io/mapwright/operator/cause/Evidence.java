package io.mapwright.operator.cause;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.mapwright.operator.cause.PodProblem.Kind;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Timestamps;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.status.SanitizedText;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is observed of a map server that does not serve.
 *
 * @param pods of the server
 */
public record Evidence(
    InstanceInput in, Optional<Deployment> deployment, List<Pod> pods, Instant now) {
  private static final int QUOTED = 512;

  /** Nearly every start has these problems for a moment. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration MAX_INTERVAL = Duration.ofMinutes(5);

  /** The names of refused pods differ with each attempt, and mean nothing. */
  private static final Pattern REFUSED_POD =
      Pattern.compile("^pods \"[^\"]*\" is forbidden: |\"[^\"]*-[a-z0-9]{5}\" ");

  /** The pod that is examined, and what is wrong with it. */
  private record Worst(Pod pod, PodProblem problem) {}

  /** The object whose Events to read; empty if the pods explain enough. */
  public Optional<Subject> subject() {
    return refused().isPresent()
        ? Optional.empty()
        : worst().flatMap(worst -> subject(worst, age(worst.pod())));
  }

  private Optional<Subject> subject(Worst worst, Duration age) {
    var due = age.compareTo(GRACE) >= 0;
    var pause = due ? pause(age) : GRACE.minus(age);
    var placed = worst.pod().getSpec().getNodeName() != null;
    if (worst.problem().kind() == Kind.SETTING_UP && placed) {
      return Optional.of(new Subject("Pod", worst.problem().pod(), due, pause));
    }
    var waits =
        !placed
            && (worst.problem().kind() == Kind.SETTING_UP
                || worst.problem().message().contains("PersistentVolumeClaim"));
    return in.dataClaim()
        .filter(_ -> waits)
        .map(claim -> new Subject("PersistentVolumeClaim", claim, due, pause));
  }

  /** Why the server does not run; empty if nothing explains it. */
  public Optional<Cause> cause(Optional<EventMessage> event) {
    return refused().or(() -> worst().map(worst -> new Explanation(in).of(worst.problem(), event)));
  }

  private Optional<Worst> worst() {
    return pods.stream()
        .flatMap(pod -> PodProblem.of(pod).stream().map(problem -> new Worst(pod, problem)))
        .min(
            Comparator.comparing((Worst worst) -> worst.problem().kind())
                .thenComparing(worst -> worst.problem().pod()));
  }

  private Optional<Cause> refused() {
    return deployment
        .map(Deployment::getStatus)
        .flatMap(status ->
            status.getConditions().stream()
                .filter(c -> "ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
                .findFirst())
        .map(this::refused);
  }

  private Cause refused(DeploymentCondition condition) {
    var message =
        REFUSED_POD
            .matcher(SanitizedText.of(String.valueOf(condition.getMessage()), QUOTED))
            .replaceAll("");
    return new Cause(
        Reason.PodsRefused,
        "the API server refuses the pods: "
            + message
            + (message.contains("exceeded quota")
                ? ". Raise the quota of the namespace, or lower server.resources and gateway.resources"
                : ". Ask the cluster's administrator for an exception from that policy"));
  }

  private Duration age(Pod pod) {
    return Stream.ofNullable(pod.getMetadata().getCreationTimestamp())
        .flatMap(time -> Timestamps.parse(time).stream())
        .map(made -> Duration.between(made, now))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static Duration pause(Duration age) {
    var quarter = age.dividedBy(4);
    if (quarter.compareTo(GRACE) < 0) {
      return GRACE;
    }
    return quarter.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : quarter;
  }
}
