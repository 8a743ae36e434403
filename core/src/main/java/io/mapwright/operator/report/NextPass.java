package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.LogRetentionDecision;
import io.mapwright.operator.model.ServedCertificate;
import io.mapwright.operator.status.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says when to reconcile an instance again if no event comes before. Pure. */
public record NextPass(InstanceFacts facts, List<Problem> problems) {
  /** While an older instance owns a host, or something else has to be fixed. */
  private static final Duration RETRY = Duration.ofSeconds(30);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** A restore step that has been stored is taken at once. */
  private static final Duration STEP = Duration.ofMillis(200);

  public Duration after(MapwrightInstanceStatus status) {
    var deletion =
        facts.in().deletion().map(progress -> Duration.between(facts.now(), progress.deadline()));
    if (deletion.isPresent()) {
      return earliest(Stream.of(deletion.get(), RETRY));
    }
    var restore = Optional.ofNullable(status.restore());
    if (!restore.equals(facts.in().restoreStatus())) {
      return STEP;
    }
    if (restore.filter(RestoreLifecycle::running).isPresent()) {
      return RETRY;
    }
    var image = facts.in().imageDecision();
    var decisions =
        Stream.concat(
                image.recheckAt().stream(),
                image.logs().map(LogRetentionDecision::recheckAt).stream())
            .map(at -> Duration.between(facts.now(), at));
    var stale =
        new UnreachableReplicas(facts.replicas().values(), facts.in().tableMaxAge())
            .nextChange(facts.now()).stream().map(at -> Duration.between(facts.now(), at));
    var causes = facts.diagnosis().recheckAfter().stream();
    return earliest(
        Stream.of(decisions, stale, causes, Stream.of(routine())).flatMap(waits -> waits));
  }

  private static Duration earliest(Stream<Duration> waits) {
    return waits
        .min(Duration::compareTo)
        .filter(wait -> wait.compareTo(SHORTEST) > 0)
        .orElse(SHORTEST);
  }

  private Duration routine() {
    if (!problems.isEmpty()) {
      return RETRY;
    }
    var in = facts.in();
    var usable =
        facts.certificate().filter(pair -> pair.problem(facts.now()).isEmpty()).isPresent();
    if (!in.issuesCertificate() && !usable) {
      return RETRY;
    }
    var longest = in.backup().isPresent() ? Duration.ofMinutes(10) : Duration.ofHours(1);
    // While the spec is paused no session key is generated, however long it is overdue.
    var sessions =
        Optional.of(in.generatedSecrets().nextSessionKey(in.sessionRotation()))
            .filter(_ -> !Boolean.TRUE.equals(in.spec().paused()));
    return Stream.of(
            sessions,
            facts.certificate().flatMap(ServedCertificate::notAfter).filter(facts.now()::isBefore))
        .flatMap(Optional::stream)
        .map(deadline -> Duration.between(facts.now(), deadline).plus(SHORTEST))
        .filter(wait -> wait.compareTo(longest) < 0)
        .min(Duration::compareTo)
        .orElse(longest);
  }
}
