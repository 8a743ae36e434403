package io.mapwright.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.status.ConditionType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupReportTest {
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      """;

  private static final String WELL =
      """
      stage=done
      exit=0
      pruned=2027-03-01T03:00:40Z
      checked=2027-03-01T03:00:50Z
      snapshots=8
      snapshot=1a2b3c4d
      snapshotTime=2027-03-01T03:00:01.5Z
      bytes=1000
      repositoryBytes=700
      log:
      """;

  private static MapwrightInstanceStatus report(Optional<BackupStatus> before, Pod... pods) {
    var facts = GivenFacts.withBackup(SPEC, null);
    var runs = Stream.of(pods).flatMap(pod -> JobRun.of(pod).stream()).toList();
    return Reports.report(
        new InstanceFacts(
            facts.in(),
            facts.neighbours(),
            facts.certificate(),
            facts.certificatePem(),
            facts.deployment(),
            new BackupFacts(facts.backups().schedule(), runs, before, RestoreFacts.NONE),
            Optional.empty(),
            facts.replicas(),
            facts.replicasKnown(),
            facts.now()),
        List.of());
  }

  private static BackupStatus backup(MapwrightInstanceStatus status) {
    return Objects.requireNonNull(status.backup());
  }

  @Test
  void statusSaysWhatTheRepositorySays() {
    var status =
        report(
            Optional.empty(),
            GivenFacts.pod("a", "backup", GivenFacts.ended("Succeeded", "restic", 0, "01", WELL)));
    assertThat(backup(status).newest())
        .hasToString("SnapshotStatus[id=1a2b3c4d, time=2027-03-01T03:00:01Z, bytes=1000]");
    assertThat(backup(status).snapshots()).isEqualTo(8);
    assertThat(backup(status).repositoryBytes()).isEqualTo(700);
    assertThat(backup(status).lastCheckTime()).isEqualTo("2027-03-01T03:00:50Z");
    assertThat(backup(status).lastSuccessfulTime()).isEqualTo("2027-03-01T03:01:00Z");
    assertThat(backup(status).overdueAfter()).isEqualTo("2027-03-03T03:00:00Z");
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getMessage())
        .contains("keep a copy of Secret tiles-backup-password");
  }

  @Test
  void whatNoPodTellsAnyLongerIsKept() {
    var first =
        report(
            Optional.empty(),
            GivenFacts.pod("a", "backup", GivenFacts.ended("Succeeded", "restic", 0, "01", WELL)));
    assertThat(report(Optional.of(backup(first))).backup()).isEqualTo(backup(first));
  }

  @Test
  void failureOutlivesItsPod() {
    var failed =
        report(
            Optional.empty(),
            GivenFacts.pod(
                "a",
                "backup",
                GivenFacts.ended("Failed", "restic", 1, "01", "stage=forget\nexit=11\nlog:\n")));
    assertThat(Reports.condition(failed, ConditionType.BackupHealthy).getReason())
        .isEqualTo("BackupFailed");
    var gone = report(Optional.of(backup(failed)));
    assertThat(Reports.condition(gone, ConditionType.BackupHealthy).getReason())
        .isEqualTo("BackupFailed");
    assertThat(Reports.condition(gone, ConditionType.BackupHealthy).getMessage())
        .isEqualTo(
            "stage forget failed with exit code 11 at 2027-03-01T03:01:00Z; its pod a is gone");
    var well =
        report(
            Optional.of(backup(gone)),
            GivenFacts.pod("b", "backup", GivenFacts.ended("Succeeded", "restic", 0, "09", WELL)));
    assertThat(Reports.condition(well, ConditionType.BackupHealthy).getReason())
        .isEqualTo("BackupsSucceed");
  }

  @Test
  void podThatOutlivesThoseOfLaterRunsSaysNothingNew() {
    var earlier =
        GivenFacts.pod("a", "backup", GivenFacts.ended("Succeeded", "restic", 0, "01", WELL));
    var later =
        GivenFacts.pod(
            "b",
            "backup",
            GivenFacts.ended("Succeeded", "restic", 0, "09", WELL.replace("1a2b3c4d", "5e6f7a8b")));
    var both = report(Optional.empty(), earlier, later);
    var left = report(Optional.of(backup(both)), earlier);
    assertThat(Objects.requireNonNull(backup(left).newest()).id()).isEqualTo("5e6f7a8b");
    assertThat(backup(left)).isEqualTo(backup(both));
  }

  @Test
  void failureBeforeTheLastSuccessIsHistory() {
    var failed =
        GivenFacts.pod(
            "a",
            "backup",
            GivenFacts.ended("Failed", "restic", 1, "01", "stage=forget\nexit=11\nlog:\n"));
    var later =
        GivenFacts.pod("b", "backup", GivenFacts.ended("Succeeded", "restic", 0, "09", WELL));
    var both = report(Optional.empty(), failed, later);
    var left = report(Optional.of(backup(both)), failed);
    assertThat(Reports.condition(left, ConditionType.BackupHealthy).getReason())
        .isEqualTo("BackupsSucceed");
  }

  @ParameterizedTest
  @CsvSource({
    // The clock says 12:00.
    "11:51, waiting for ephemeral volume controller to create the persistentvolumeclaim, false",
    "11:51, 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims., false",
    "11:49, 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims., true",
    "11:59, 0/1 nodes are available: 1 Insufficient memory., true"
  })
  void volumeThatIsBeingMadeIsNoObstacleYet(String made, String why, boolean report) {
    var pod =
        GivenFacts.pod(
            "a",
            "backup",
            """
            phase: Pending
            conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "%s"}]
            """
                .formatted(why));
    pod.getMetadata().setCreationTimestamp("2027-03-01T%s:00Z".formatted(made));
    assertThat(
            Reports.condition(report(Optional.empty(), pod), ConditionType.BackupHealthy)
                .getReason())
        .isEqualTo(report ? "BackupCannotStart" : "NeverBackedUp");
  }

  @Test
  void repositoryThatIsNewHasTwoRunsBeforeItsFirstBackupIsOverdue() {
    var elsewhere =
        Serialization.unmarshal(
            """
            repository: rest:https://old/
            repositorySince: "2026-01-01T00:00:00Z"
            lastSuccessfulTime: "2027-03-01T03:00:00Z"
            lastCheckTime: "2026-01-01T00:00:00Z"
            """,
            BackupStatus.class);
    var status = report(Optional.of(elsewhere));
    assertThat(backup(status).lastSuccessfulTime()).isNull();
    assertThat(backup(status).repositorySince()).isEqualTo("2027-03-01T12:00:00Z");
    assertThat(backup(status).overdueAfter()).isEqualTo("2027-03-03T03:00:00Z");
    assertThat(backup(status).checkOverdueAfter()).isEqualTo("2027-03-03T03:00:00Z");
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getReason())
        .isEqualTo("NeverBackedUp");
    assertThat(backup(report(Optional.of(backup(status)))).repositorySince())
        .isEqualTo("2027-03-01T12:00:00Z");
  }

  @Test
  void newestRunCounts() {
    var failure = "stage=check\nexit=1\nlog:\nFatal: repository contains errors";
    var status =
        report(
            Optional.empty(),
            GivenFacts.pod("a", "backup", GivenFacts.ended("Succeeded", "restic", 0, "01", WELL)),
            GivenFacts.pod("b", "check", GivenFacts.ended("Failed", "restic", 1, "30", failure)));
    var condition = Reports.condition(status, ConditionType.BackupHealthy);
    assertThat(condition.getReason()).isEqualTo("CheckFailed");
    assertThat(condition.getMessage())
        .contains("stage check", "exit code 1", "damaged", "repository contains errors", "pod b");
    assertThat(backup(status).lastRun())
        .hasToString("RunStatus[pod=b, finishedAt=2027-03-01T03:30:00Z, stage=check, exitCode=1]");
  }

  @Test
  void failureIsOverWithTheNextSuccess() {
    var failure = "stage=open\nexit=12\nlog:\nFatal: wrong password";
    var status =
        report(
            Optional.empty(),
            GivenFacts.pod("a", "backup", GivenFacts.ended("Failed", "restic", 12, "01", failure)),
            GivenFacts.pod("b", "backup", GivenFacts.ended("Succeeded", "restic", 0, "05", WELL)));
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getReason())
        .isEqualTo("BackupsSucceed");
  }

  @Test
  void containerThatWasKilledIsNamed() {
    var status =
        report(
            Optional.empty(),
            GivenFacts.pod(
                "a",
                "backup",
                GivenFacts.ended("Failed", "dump", 137, "01", "")
                    .replace("exitCode", "reason: OOMKilled\n        exitCode")));
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getMessage())
        .contains("stage dump", "137", "OOMKilled");
  }

  @Test
  void podThatCanNotStartSaysWhy() {
    var waiting =
        """
        phase: Pending
        containerStatuses:
          - name: restic
            state: {waiting: {reason: CreateContainerConfigError, message: 'secret "x" not found'}}
        """;
    var status = report(Optional.empty(), GivenFacts.pod("a", "backup", waiting));
    var condition = Reports.condition(status, ConditionType.BackupHealthy);
    assertThat(condition.getReason()).isEqualTo("BackupCannotStart");
    assertThat(condition.getMessage()).contains("Secret x, which does not exist");
  }

  private static MapwrightInstanceStatus drilled(Pod... pods) {
    return drilled(Optional.empty(), pods);
  }

  private static MapwrightInstanceStatus drilled(Optional<BackupStatus> before, Pod... pods) {
    var facts =
        GivenFacts.withBackup(
            SPEC.replace("schedule: \"0 3", "drill: {schedule: \"0 4 * * 0\"}, schedule: \"0 3"),
            null);
    var runs = Stream.of(pods).flatMap(pod -> JobRun.of(pod).stream()).toList();
    return Reports.report(
        new InstanceFacts(
            facts.in(),
            facts.neighbours(),
            facts.certificate(),
            facts.certificatePem(),
            facts.deployment(),
            new BackupFacts(facts.backups().schedule(), runs, before, RestoreFacts.NONE),
            Optional.empty(),
            facts.replicas(),
            facts.replicasKnown(),
            facts.now()),
        List.of());
  }

  @Test
  void drillThatNeverRanIsAFailure() {
    var condition = Reports.condition(drilled(), ConditionType.RestoreProven);
    assertThat(condition.getStatus()).isEqualTo("False");
    assertThat(condition.getReason()).isEqualTo("RestoreUnverified");
    assertThat(condition.getMessage())
        .contains("kubectl create job -n maps --from=cronjob/tiles-drill tiles-drill-now");
  }

  /** The pod is gone, its schedule too, and what was proven once ages. */
  @ParameterizedTest
  @CsvSource({
    "2027-03-01T12:00:00Z, True, RestoreVerified",
    "2027-03-01T11:59:59Z, False, DrillTooOld"
  })
  void proofThatIsOlderThanTwoRunsIsNoneAnyLonger(String overdue, String status, String reason) {
    var url = backup(drilled()).repository();
    var before =
        Serialization.unmarshal(
            """
            repository: %s
            drill: {lastProvenTime: "2027-02-14T04:00:00Z", overdueAfter: "%s"}
            """
                .formatted(url, overdue),
            BackupStatus.class);
    var condition = Reports.condition(drilled(Optional.of(before)), ConditionType.RestoreProven);
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
  }

  @Test
  void proofIsGoodForTwoRunsOfTheSchedule() {
    var message = "stage=done\nexit=0\nsnapshot=1a2b3c4d\nlog:\n";
    var status =
        drilled(
            GivenFacts.pod("d", "drill", GivenFacts.ended("Succeeded", "probe", 0, "10", message)));
    assertThat(Objects.requireNonNull(backup(status).drill()).overdueAfter())
        .isEqualTo("2027-03-14T04:00:00Z");
  }

  @Test
  void drillSaysWhatItMeasured() {
    var message =
        "stage=done\nexit=0\nsnapshot=1a2b3c4d\nsnapshotTime=2027-03-01T02:50:00Z\nseconds=42\nchecks=3\nlog:\n";
    var status =
        drilled(
            GivenFacts.pod("d", "drill", GivenFacts.ended("Succeeded", "probe", 0, "10", message)));
    assertThat(Reports.condition(status, ConditionType.RestoreProven).getStatus())
        .isEqualTo("True");
    var drill = Objects.requireNonNull(backup(status).drill());
    assertThat(drill.recoverySeconds()).isEqualTo(42);
    assertThat(drill.lossSeconds()).isEqualTo(20 * 60);
    assertThat(drill.checks()).isEqualTo(3);
  }

  @Test
  void drillThatFailsSaysWhatTheServerDidNotAnswer() {
    var message =
        "stage=/data/planet/0/0/0.pbf\nexit=67\nlog:\nThe restored server gives no answer, or an empty one";
    var status =
        drilled(
            GivenFacts.pod("d", "drill", GivenFacts.ended("Failed", "probe", 67, "10", message)));
    var condition = Reports.condition(status, ConditionType.RestoreProven);
    assertThat(condition.getReason()).isEqualTo("DrillFailed");
    assertThat(condition.getMessage()).contains("/data/planet/0/0/0.pbf", "does not serve");
  }
}
