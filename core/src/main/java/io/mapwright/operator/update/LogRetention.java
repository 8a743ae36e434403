package io.mapwright.operator.update;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.LogRetentionDecision;
import io.mapwright.operator.model.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Decides when pods are replaced so that no line of their logs gets too old. Pure.
 *
 * <p>A kubelet limits container logs by size only: on a quiet map, lines stay for years. Logs are
 * deleted with their pod, so a pod must be replaced before its first line is too old: at nine
 * tenths of the retention, which leaves time for a rollout and for an unavailable operator; or in a
 * maintenance window, if there is one in the second half of the retention.
 *
 * @param retention the maximum age of a line
 */
public record LogRetention(Duration retention, Optional<MaintenanceWindow> window) {

  public LogRetentionDecision decide(Optional<Deployment> deployment, Instant now) {
    var since =
        deployment
            .flatMap(LogRetention::asked)
            .filter(known -> sane(known, now) && due(known, now).isAfter(now))
            .orElse(now.truncatedTo(ChronoUnit.SECONDS));
    return new LogRetentionDecision(since, due(since, now));
  }

  private Instant due(Instant since, Instant now) {
    var last = since.plus(tenths(9));
    var half = since.plus(tenths(5));
    var from = now.isAfter(half) ? now : half;
    return window
        .map(MaintenanceSchedule::new)
        .map(opening -> opening.at(from) ? from : opening.next(from))
        .filter(last::isAfter)
        .orElse(last);
  }

  /** A start that is further in the future than clocks differ would delay the replacement. */
  private boolean sane(Instant since, Instant now) {
    return !since.isAfter(now.plus(tenths(1)));
  }

  private Duration tenths(int number) {
    return retention.multipliedBy(number).dividedBy(10);
  }

  private static Optional<Instant> asked(Deployment deployment) {
    return Optional.ofNullable(deployment.getSpec().getTemplate())
        .map(PodTemplateSpec::getMetadata)
        .map(ObjectMeta::getAnnotations)
        .map(annotations -> annotations.get(Labels.LOGS_SINCE))
        // If it is invalid, the pods are replaced, which corrects it.
        .flatMap(Timestamps::parse);
  }
}
