package io.mapwright.operator.update;

import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which image runs. Pure: each pass decides again from the stored status.
 *
 * <p>An image is proven once every pod runs it, is available, and answers the probe paths. Until
 * then the one proven before stays ready for a rollback. A rollout that has started when the window
 * closes continues: a partial rollout must not stay until the next window.
 */
public final class ImageUpdate {
  /** How soon to request the probe paths again. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

  private final UpdateFacts facts;
  private final Optional<UpdateStatus> before;
  private final @Nullable String proven;

  private ImageUpdate(UpdateFacts facts) {
    this.facts = facts;
    // Another image, or a request to retry, resets a failure.
    this.before = facts.before().map(status -> retried(status, facts) ? fresh(status) : status);
    this.proven = before.map(UpdateStatus::provenImage).orElse(null);
  }

  /**
   * What to run now.
   *
   * @param image the image for the pods
   * @param recheckAt when to decide again without an event
   */
  public record Decision(String image, UpdateStatus status, Optional<Instant> recheckAt) {}

  public static Decision decide(UpdateFacts facts) {
    return new ImageUpdate(facts).decide();
  }

  /** Whether to request the probe paths in this pass. */
  public static boolean awaitsProof(String wanted, Optional<UpdateStatus> before, Rollout running) {
    return running.complete()
        && !before.map(UpdateStatus::provenImage).filter(wanted::equals).isPresent();
  }

  private Decision decide() {
    var works = facts.running().complete() && facts.proof().isEmpty();
    if (works || wanted().equals(proven)) {
      return run(wanted(), UpdatePhase.Current, wanted(), null, null);
    }
    if (wanted().equals(before.map(UpdateStatus::failedImage).orElse(null))) {
      return failed(before.map(UpdateStatus::failure).orElse(""));
    }
    if (facts.stopped()) {
      // When pods run again it is rolled out like any other.
      return run(wanted(), UpdatePhase.Stopped, proven, wanted(), null);
    }
    return started() ? rollingOut() : begin();
  }

  private boolean started() {
    return phase() == UpdatePhase.RollingOut && wanted().equals(target());
  }

  private Decision begin() {
    if (proven == null) {
      return run(wanted(), UpdatePhase.RollingOut, null, wanted(), nextProbe());
    }
    var backingUp = phase() == UpdatePhase.BackingUp && wanted().equals(target());
    var window = settings(Updates::window).map(MaintenanceSchedule::new);
    if (!backingUp && window.filter(w -> !w.at(facts.now())).isPresent()) {
      return run(
          proven, UpdatePhase.WaitingForWindow, proven, wanted(), window.get().next(facts.now()));
    }
    if (settings(Updates::backupFirst).orElse(false)) {
      var asked = since().filter(_ -> backingUp).orElse(facts.now());
      if (facts.failedBackup().filter(asked::isBefore).isPresent()) {
        return failed("the backup before the update failed; see the condition BackupHealthy");
      }
      if (facts.lastBackup().filter(asked::isBefore).isEmpty()) {
        return run(proven, UpdatePhase.BackingUp, proven, wanted(), null);
      }
    }
    return run(wanted(), UpdatePhase.RollingOut, proven, wanted(), nextProbe());
  }

  private Decision rollingOut() {
    if (facts.running().failure().isPresent()) {
      return failed(facts.running().failure().get());
    }
    var end = since().orElse(facts.now()).plus(deadline());
    if (!facts.now().isBefore(end)) {
      return failed(
          facts.running().complete()
              ? facts.proof().orElse("")
              : "not every pod became ready within " + deadline());
    }
    var again = facts.running().complete() ? nextProbe() : end;
    return run(wanted(), UpdatePhase.RollingOut, proven, wanted(), again);
  }

  private Decision failed(String why) {
    var back = proven != null && settings(Updates::rollback).orElse(true);
    return new Decision(
        back ? String.valueOf(proven) : wanted(),
        status(back ? UpdatePhase.RolledBack : UpdatePhase.Failed, proven, null, wanted(), why),
        Optional.empty());
  }

  private Decision run(
      String image,
      UpdatePhase phase,
      @Nullable String provenNow,
      @Nullable String target,
      @Nullable Instant again) {
    return new Decision(
        image, status(phase, provenNow, target, null, null), Optional.ofNullable(again));
  }

  private UpdateStatus status(
      UpdatePhase phase,
      @Nullable String provenNow,
      @Nullable String target,
      @Nullable String failedImage,
      @Nullable String failure) {
    var same =
        phase == phase()
            && Objects.equals(target, target())
            && Objects.equals(failedImage, before.map(UpdateStatus::failedImage).orElse(null));
    return new UpdateStatus(
        phase,
        provenNow,
        target,
        since().filter(_ -> same).orElse(facts.now()).truncatedTo(ChronoUnit.SECONDS).toString(),
        failedImage,
        failure,
        facts.settings().map(Updates::retry).orElse(null));
  }

  private static boolean retried(UpdateStatus status, UpdateFacts facts) {
    return status.failedImage() != null
        && (!facts.wanted().equals(status.failedImage())
            || !Objects.equals(
                status.observedRetry(), facts.settings().map(Updates::retry).orElse(null)));
  }

  private static UpdateStatus fresh(UpdateStatus status) {
    return new UpdateStatus(null, status.provenImage(), null, null, null, null, null);
  }

  private String wanted() {
    return facts.wanted();
  }

  private @Nullable UpdatePhase phase() {
    return before.map(UpdateStatus::phase).orElse(null);
  }

  private @Nullable String target() {
    return before.map(UpdateStatus::target).orElse(null);
  }

  private Optional<Instant> since() {
    return before.map(UpdateStatus::since).map(Instant::parse);
  }

  private Instant nextProbe() {
    return facts.now().plus(ASK_AGAIN);
  }

  private Duration deadline() {
    return Durations.parse(settings(Updates::deadline).orElse(Defaults.UPDATE_DEADLINE));
  }

  private <T> Optional<T> settings(Function<Updates, @Nullable T> field) {
    return facts.settings().map(field);
  }
}
