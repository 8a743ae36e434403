package io.mapwright.operator.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageUpdateTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Rollout NOTHING = new Rollout(false, false, Optional.empty());
  private static final Rollout UNDER_WAY = new Rollout(true, false, Optional.empty());
  private static final Rollout COMPLETE = new Rollout(true, true, Optional.empty());
  private static final Rollout CRASHING =
      new Rollout(true, false, Optional.of("pod a: ended 3 times"));

  /** Facts that begin with an update from maps:1 to maps:2 that nothing is known of yet. */
  private static final class Case {
    private String wanted = "maps:2";
    private @Nullable UpdateStatus before = status(UpdatePhase.Current, "maps:1", null, null, NOW);
    private @Nullable Updates settings;
    private Rollout running = NOTHING;
    private @Nullable String proof;
    private @Nullable Instant lastBackup;
    private @Nullable Instant failedBackup;
    private boolean stopped;
    private Instant now = NOW;

    ImageUpdate.Decision decide() {
      return ImageUpdate.decide(
          new UpdateFacts(
              wanted,
              Optional.ofNullable(settings),
              Optional.ofNullable(before),
              running,
              Optional.ofNullable(proof),
              Optional.ofNullable(lastBackup),
              Optional.ofNullable(failedBackup),
              stopped,
              now));
    }

    /** Decides, and continues from what was recorded. */
    Case then() {
      before = decide().status();
      return this;
    }

    Case running(Rollout shown) {
      running = shown;
      return this;
    }

    Case after(Duration time) {
      now = now.plus(time);
      return this;
    }

    Case wanted(String image) {
      wanted = image;
      return this;
    }

    Case settings(@Nullable MaintenanceWindow window, boolean backupFirst, boolean rollback) {
      settings = new Updates(window, backupFirst, rollback, "5m", null, null);
      return this;
    }
  }

  private static UpdateStatus status(
      UpdatePhase phase,
      @Nullable String proven,
      @Nullable String target,
      @Nullable String failed,
      Instant since) {
    return new UpdateStatus(phase, proven, target, since.toString(), failed, null, null);
  }

  private static void assertRuns(ImageUpdate.Decision decision, String image, UpdatePhase phase) {
    assertThat(decision.image()).isEqualTo(image);
    assertThat(decision.status().phase()).isEqualTo(phase);
  }

  @Test
  void firstImageRunsAtOnceAndIsProvenWhenItServes() {
    var first = new Case().settings(new MaintenanceWindow(null, "00:00", "1h", null), true, true);
    first.before = null;
    assertRuns(first.decide(), "maps:2", UpdatePhase.RollingOut);
    assertRuns(first.then().running(COMPLETE).decide(), "maps:2", UpdatePhase.Current);
    assertThat(first.then().before).extracting(UpdateStatus::provenImage).isEqualTo("maps:2");
  }

  @Test
  void newImageIsProvenByPodsAndProbes() {
    var update = new Case().then().running(UNDER_WAY);
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
    update.running(COMPLETE).proof = "/styles/basic/style.json answers 500";
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
    assertThat(update.decide().recheckAt()).hasValue(NOW.plusSeconds(3));
    update.proof = null;
    assertRuns(update.decide(), "maps:2", UpdatePhase.Current);
    assertThat(update.decide().status().provenImage()).isEqualTo("maps:2");
  }

  @Test
  void crashBringsTheProvenImageBackAndIsNotTriedAgain() {
    var update = new Case().then().running(CRASHING);
    assertRuns(update.decide(), "maps:1", UpdatePhase.RolledBack);
    update.then().running(NOTHING).after(Duration.ofDays(30));
    assertRuns(update.decide(), "maps:1", UpdatePhase.RolledBack);
    assertThat(update.decide().status()).isEqualTo(update.before);
    assertThat(update.decide().status().failure()).isEqualTo("pod a: ended 3 times");
  }

  @Test
  void probeThatNeverAnswersEndsAtTheDeadline() {
    var update = new Case().then().running(COMPLETE).after(Duration.ofMinutes(10).minusSeconds(1));
    update.proof = "/tiles/0/0/0.pbf answers 404";
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
    assertRuns(update.after(Duration.ofSeconds(1)).decide(), "maps:1", UpdatePhase.RolledBack);
    assertThat(update.decide().status().failure()).isEqualTo("/tiles/0/0/0.pbf answers 404");
  }

  @Test
  void thirdImageIsTriedAfterAFailureAndSoIsTheFirst() {
    var failed = new Case().then().running(CRASHING).then().running(NOTHING);
    assertRuns(failed.wanted("maps:3").decide(), "maps:3", UpdatePhase.RollingOut);
    assertRuns(failed.wanted("maps:1").decide(), "maps:1", UpdatePhase.Current);
    assertThat(failed.decide().status().failedImage()).isNull();
  }

  @Test
  void retryTriesTheFailedImageOnce() {
    var failed = new Case().then().running(CRASHING).then().running(NOTHING);
    failed.settings = new Updates(null, null, null, null, null, "again");
    assertRuns(failed.decide(), "maps:2", UpdatePhase.RollingOut);
    failed.then().running(CRASHING).then().running(NOTHING);
    assertRuns(failed.decide(), "maps:1", UpdatePhase.RolledBack);
  }

  @Test
  void closedWindowKeepsTheProvenImageUntilItOpens() {
    var update = new Case().settings(new MaintenanceWindow(null, "13:00", "1h", null), false, true);
    assertRuns(update.decide(), "maps:1", UpdatePhase.WaitingForWindow);
    assertThat(update.decide().recheckAt()).hasValue(NOW.plus(Duration.ofHours(1)));
    assertRuns(update.then().after(Duration.ofHours(1)).decide(), "maps:2", UpdatePhase.RollingOut);
    // It continues after the window has closed.
    update.then().running(UNDER_WAY).after(Duration.ofMinutes(4));
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
  }

  @Test
  void backupThatSucceedsAfterItWasAskedForComesFirst() {
    var update = new Case().settings(null, true, true);
    update.lastBackup = NOW.minusSeconds(60);
    assertRuns(update.decide(), "maps:1", UpdatePhase.BackingUp);
    assertRuns(
        update.then().after(Duration.ofMinutes(1)).decide(), "maps:1", UpdatePhase.BackingUp);
    update.lastBackup = NOW.plusSeconds(30);
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
  }

  @Test
  void backupThatFailsKeepsTheProvenImage() {
    var update = new Case().settings(null, true, true).then().after(Duration.ofMinutes(1));
    update.failedBackup = NOW.plusSeconds(30);
    assertRuns(update.decide(), "maps:1", UpdatePhase.RolledBack);
  }

  @Test
  void withoutRollbackTheFailedImageStaysAndMayRecover() {
    var update = new Case().settings(null, false, false).then().running(CRASHING);
    assertRuns(update.decide(), "maps:2", UpdatePhase.Failed);
    assertRuns(update.then().running(COMPLETE).decide(), "maps:2", UpdatePhase.Current);
  }

  @Test
  void imageThatNeverRanIsNotProvenWhileTheServerIsStopped() {
    var update = new Case();
    update.stopped = true;
    assertRuns(update.decide(), "maps:2", UpdatePhase.Stopped);
    assertThat(update.decide().status().provenImage()).isEqualTo("maps:1");
    assertThat(update.then().after(Duration.ofDays(1)).decide().status()).isEqualTo(update.before);
    update.stopped = false;
    assertRuns(update.decide(), "maps:2", UpdatePhase.RollingOut);
    // Its time begins when it starts.
    assertRuns(
        update.then().after(Duration.ofMinutes(9)).decide(), "maps:2", UpdatePhase.RollingOut);
    assertRuns(update.running(CRASHING).decide(), "maps:1", UpdatePhase.RolledBack);
  }

  @Test
  void stopMakesNoFailureForgotten() {
    var failed = new Case().then().running(CRASHING).then().running(NOTHING);
    failed.stopped = true;
    assertRuns(failed.decide(), "maps:1", UpdatePhase.RolledBack);
    assertThat(failed.decide().status()).isEqualTo(failed.before);
  }

  @Test
  void firstImageOfAStoppedInstanceIsProvenWhenItServes() {
    var first = new Case();
    first.before = null;
    first.stopped = true;
    assertThat(first.decide().status().provenImage()).isNull();
    first.then().stopped = false;
    assertRuns(first.running(COMPLETE).decide(), "maps:2", UpdatePhase.Current);
  }

  @Test
  void restWritesNothing() {
    var update = new Case().wanted("maps:1").then();
    assertThat(update.after(Duration.ofDays(1)).decide().status()).isEqualTo(update.before);
  }
}
