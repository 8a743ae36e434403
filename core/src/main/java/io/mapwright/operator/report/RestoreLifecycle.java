package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.backup.FailureHints;
import io.mapwright.operator.backup.JobReport;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.model.Timestamps;
import io.mapwright.operator.recovery.RestoredKeys;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Excerpt;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a restore, one per pass. Each is stored in the status before it is acted on, so
 * another process can resume from there, and an id that was acted on is known. Pure.
 */
public final class RestoreLifecycle {
  private static final Duration CACHE_LAG = Duration.ofMinutes(2);

  private final InstanceFacts facts;

  public RestoreLifecycle(InstanceFacts facts) {
    this.facts = facts;
  }

  /** Returns the status of the restore; empty if none was ever requested. */
  public Optional<RestoreStatus> next() {
    var stored = facts.in().restoreStatus();
    var restore = facts.in().restore();
    if (restore.isEmpty()) {
      return stored.map(status -> running(status) ? abandoned(status) : status);
    }
    if (Boolean.TRUE.equals(facts.in().spec().paused()) || facts.keyRestoreDenied()) {
      return stored;
    }
    var phase = facts.in().restorePhase();
    return Optional.of(
        phase.isEmpty() ? started(restore.get()) : next(restore.get(), stored.orElseThrow()));
  }

  private RestoreFacts gathered() {
    return facts.backups().restore();
  }

  public static boolean running(RestoreStatus status) {
    return status.phase() != null
        && status.phase() != RestorePhase.Done
        && status.phase() != RestorePhase.Failed;
  }

  private RestoreStatus next(Restore restore, RestoreStatus status) {
    return switch (status.phase()) {
      case Stopping -> gathered().serverGone() ? in(status, RestorePhase.Filling) : status;
      case Filling -> filled(restore, status);
      case Keys ->
          gathered()
              .keysLost()
              // The data is complete, and a key that does not exist grants no access.
              .map(why -> ended(status, RestorePhase.Failed, false, why))
              .or(() -> gathered().keysRecreated().map(keys -> recreated(status, keys)))
              .orElse(status);
      case Starting -> serves() ? ended(status, RestorePhase.Done, false, "restored") : status;
      case Done, Failed -> status;
      case null -> started(restore);
    };
  }

  private RestoreStatus started(Restore restore) {
    if (gathered().doneBefore()) {
      return new RestoreStatus(
          restore.id(),
          RestorePhase.Done,
          now(),
          now(),
          null,
          null,
          "this restore filled this volume before; later changes were kept",
          null);
    }
    return new RestoreStatus(
        restore.id(), RestorePhase.Stopping, now(), null, null, null, null, null);
  }

  private RestoreStatus filled(Restore restore, RestoreStatus status) {
    var job = facts.in().restoreJob().orElseThrow();
    if (gathered().jobFailed()) {
      return facts
          .backups()
          .ofJob(job)
          .flatMap(JobRun::report)
          .map(r ->
              ended(
                  status,
                  RestorePhase.Failed,
                  r.text("touched").isPresent(),
                  FailureHints.describe(r)))
          .orElseGet(() ->
              ended(status, RestorePhase.Failed, true, "the Job failed, and its pods are gone"));
    }
    if (!gathered().jobDone()) {
      return status;
    }
    var pod = facts.backups().filled(job);
    if (pod.isEmpty()) {
      return unproven(status, job);
    }
    if (gathered().unrecorded()) {
      return status;
    }
    var report = pod.flatMap(JobRun::report);
    var next = Restores.recreatesKeys(restore) ? RestorePhase.Keys : RestorePhase.Starting;
    return new RestoreStatus(
        status.id(),
        next,
        status.startedAt(),
        null,
        report.flatMap(JobReport::newest).orElse(null),
        null,
        report.flatMap(r -> r.text("absent")).map(RestoreLifecycle::absent).orElse(null),
        null);
  }

  /** The cache of pods may lag behind that of Jobs, but not for longer than {@link #CACHE_LAG}. */
  private RestoreStatus unproven(RestoreStatus status, String job) {
    var since =
        gathered()
            .jobEnded()
            .or(() -> Optional.ofNullable(status.startedAt()).flatMap(Timestamps::parse))
            .orElse(facts.now());
    return facts.now().isBefore(since.plus(CACHE_LAG))
        ? status
        : ended(
            status,
            RestorePhase.Failed,
            true,
            "Job "
                + job
                + " reports success, but no pod exists that matches its template and"
                + " succeeded: its pods were deleted, or something changes pods on creation");
  }

  private static String absent(String part) {
    return "the snapshot holds no " + part + ": the existing one was kept";
  }

  private boolean serves() {
    return facts
            .deployment()
            .map(deployment ->
                !Integer.valueOf(0).equals(deployment.getSpec().getReplicas())
                    && deployment.getStatus() != null
                    && deployment.getStatus().getReadyReplicas() != null
                    && deployment.getStatus().getReadyReplicas() > 0)
            .orElse(false)
        || (!facts.in().autoscaled() && facts.in().replicas() == 0);
  }

  private RestoreStatus abandoned(RestoreStatus status) {
    return ended(
        status,
        RestorePhase.Failed,
        status.phase() == RestorePhase.Filling,
        "spec.restore was removed before the restore finished");
  }

  private static RestoreStatus in(RestoreStatus status, RestorePhase phase) {
    return new RestoreStatus(
        status.id(),
        phase,
        status.startedAt(),
        null,
        status.snapshot(),
        null,
        status.message(),
        status.keysRecreated());
  }

  private static RestoreStatus recreated(RestoreStatus status, RestoredKeys keys) {
    return new RestoreStatus(
        status.id(),
        RestorePhase.Starting,
        status.startedAt(),
        null,
        status.snapshot(),
        null,
        keys.otherNamespaces() == 0
            ? status.message()
            : join(leftOut(keys.otherNamespaces()), status.message()),
        keys.made());
  }

  private static String leftOut(int number) {
    return number
        + " keys of other namespaces were left out: a restore creates keys in its own namespace only. Recreate them there by digest";
  }

  private RestoreStatus ended(
      RestoreStatus status, RestorePhase phase, boolean incomplete, String message) {
    return new RestoreStatus(
        status.id(),
        phase,
        status.startedAt(),
        now(),
        status.snapshot(),
        incomplete ? Boolean.TRUE : null,
        Excerpt.of(join(message, status.message()), Conditions.LONGEST_MESSAGE),
        status.keysRecreated());
  }

  private static String join(String message, @Nullable String more) {
    return more == null ? message : message + "; " + more;
  }

  private String now() {
    return facts.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
