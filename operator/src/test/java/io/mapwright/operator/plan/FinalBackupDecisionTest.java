package io.mapwright.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.DeletionProgress.Phase;
import io.mapwright.operator.model.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalBackupDecisionTest {
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup:
        schedule: "0 3 * * *"
        repository: {rest: {url: "https://rest.example.com/tiles/"}}
        onDeletion: {timeout: 10m}
      """;
  private static final Instant DELETED = Given.NOW;
  private static final Duration SOON = Duration.ofMinutes(1);

  private static MapwrightInstance deleted(MapwrightInstance instance, String... finalizers) {
    instance.getMetadata().setDeletionTimestamp(DELETED.toString());
    instance.getMetadata().setFinalizers(List.of(finalizers));
    return instance;
  }

  private static DeletionProgress progress(
      MapwrightInstance instance,
      boolean serverGone,
      @org.jspecify.annotations.Nullable Job job,
      Duration after,
      Pod... pods) {
    var runs = Stream.of(pods).flatMap(pod -> JobRun.of(pod).stream()).toList();
    var before =
        Serialization.unmarshal("newest: {time: '2027-03-01T03:00:00Z'}", BackupStatus.class);
    return new FinalBackupDecision(
            instance,
            Given.input(instance),
            new BackupFacts(
                Optional.empty(),
                runs,
                Optional.of(before),
                new RestoreFacts(serverGone, Optional.empty())),
            Optional.ofNullable(job),
            DELETED.plus(after))
        .progress();
  }

  private static Job job(@org.jspecify.annotations.Nullable String condition) {
    var job = new JobBuilder().withNewMetadata().withName("tiles-final").endMetadata();
    return condition == null
        ? job.build()
        : job.withNewStatus()
            .addNewCondition()
            .withType(condition)
            .withStatus("True")
            .withMessage("the controller's word")
            .endCondition()
            .endStatus()
            .build();
  }

  private static Pod pod(String status) {
    var pod = GivenFacts.pod("tiles-final-x", "backup", status);
    pod.getMetadata().getLabels().put("batch.kubernetes.io/job-name", "tiles-final");
    return pod;
  }

  @Test
  void serverStopsBeforeTheBackupBegins() {
    var instance = deleted(Given.instance(SPEC));
    assertThat(progress(instance, false, null, SOON).phase()).isEqualTo(Phase.STOPPING);
    assertThat(progress(instance, true, null, SOON).phase()).isEqualTo(Phase.BACKING_UP);
    assertThat(progress(instance, true, job(null), SOON).phase()).isEqualTo(Phase.BACKING_UP);
  }

  @Test
  void backupThatSucceededIsNamedEvenIfItsTimeIsOverByNow() {
    var message = "stage=done\nexit=0\nsnapshot=1a2b3c4d\nlog:\n";
    var progress =
        progress(
            deleted(Given.instance(SPEC)),
            true,
            job("Complete"),
            Duration.ofHours(1),
            pod(GivenFacts.ended("Succeeded", "restic", 0, "10", message)));
    assertThat(progress.phase()).isEqualTo(Phase.SAVED);
    assertThat(progress.message()).contains("1a2b3c4d", "rest:https://rest.example.com/tiles/");
  }

  @Test
  void failureSaysWhatToDoAndWhatIsLeft() {
    var message = "stage=open\nexit=12\nlog:\nFatal: wrong password";
    var progress =
        progress(
            deleted(Given.instance(SPEC)),
            true,
            job("Failed"),
            SOON,
            pod(GivenFacts.ended("Failed", "restic", 12, "10", message)));
    assertThat(progress.phase()).isEqualTo(Phase.LOST);
    assertThat(progress.message())
        .contains(
            "no final backup",
            "repository has another password",
            "2027-03-01T03:00:00Z",
            "tiles-data");
  }

  @Test
  void failureWithoutAPodSaysWhatTheJobSays() {
    var progress = progress(deleted(Given.instance(SPEC)), true, job("Failed"), SOON);
    assertThat(progress.message()).contains("the controller's word");
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, the map server is still stopping",
    "true, false, the backup is about to start",
    "true, true, the backup is still running"
  })
  void boundIsKeptWhateverItWaitsFor(boolean gone, boolean job, String why) {
    var instance = deleted(Given.instance(SPEC));
    var started = job ? job(null) : null;
    assertThat(progress(instance, gone, started, Duration.ofSeconds(599)).finished()).isFalse();
    var progress = progress(instance, gone, started, Duration.ofMinutes(10));
    assertThat(progress.phase()).isEqualTo(Phase.LOST);
    assertThat(progress.message()).contains("600 s", why);
  }

  @Test
  void podThatCanNotStartIsNamed() {
    var waiting =
        """
        phase: Pending
        containerStatuses:
          - name: restic
            state: {waiting: {reason: CreateContainerConfigError, message: 'secret "x" not found'}}
        """;
    var progress =
        progress(deleted(Given.instance(SPEC)), true, job(null), Duration.ofHours(1), pod(waiting));
    assertThat(progress.message()).contains("secret \"x\" not found");
  }

  @Test
  void suspendedBackupIsNotMade() {
    var instance = deleted(Given.instance(SPEC + "  suspend: true\n"));
    var progress = progress(instance, false, null, SOON);
    assertThat(progress.phase()).isEqualTo(Phase.LOST);
    assertThat(progress.message()).contains("backup.suspend");
  }

  @Test
  void halfRestoredDataIsNotBackedUp() {
    var instance = deleted(Given.restoring(SPEC + "restore: {id: once}\n", RestorePhase.Filling));
    assertThat(progress(instance, true, null, SOON).message()).contains("may be incomplete");
  }

  @Test
  void instanceThatLeavesEverythingBehindDoesNotWait() {
    assertThat(FinalBackupDecision.isRequested(deleted(Given.instance(SPEC), "orphan"))).isFalse();
    assertThat(FinalBackupDecision.isRequested(deleted(Given.instance(SPEC), "foregroundDeletion")))
        .isTrue();
    assertThat(FinalBackupDecision.isRequested(Given.instance(Given.SMALLEST))).isFalse();
  }
}
