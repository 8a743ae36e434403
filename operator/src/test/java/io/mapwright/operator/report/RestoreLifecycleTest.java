package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.recovery.RestoredKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RestoreLifecycleTest {
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      """;
  private static final String ASKED = SPEC + "restore: {id: once}\n";
  private static final String FROM =
      SPEC
          + "restore: {id: once, from: {repository: {rest: {url: 'https://b/'}}, passwordSecretRef: {name: p, key: p}}}\n";

  private static final Optional<Deployment> SERVES =
      Optional.of(
          new DeploymentBuilder()
              .withNewSpec()
              .withReplicas(1)
              .endSpec()
              .withNewStatus()
              .withReadyReplicas(1)
              .endStatus()
              .build());

  private static InstanceFacts facts(
      MapwrightInstance instance,
      RestoreFacts restore,
      Optional<Deployment> deployment,
      Pod... pods) {
    var runs = Stream.of(pods).flatMap(pod -> JobRun.of(pod).stream()).toList();
    return new InstanceFacts(
        Given.input(instance),
        NamespaceConflicts.NONE,
        Optional.empty(),
        Optional.empty(),
        deployment,
        new BackupFacts(Optional.empty(), runs, Optional.empty(), restore),
        Optional.empty(),
        Map.of(),
        true,
        NOW);
  }

  private static RestoreStatus next(InstanceFacts facts) {
    return new RestoreLifecycle(facts).next().orElseThrow();
  }

  private static RestoreFacts job(String condition) {
    var job =
        Serialization.unmarshal(
            "status: {conditions: [{type: " + condition + ", status: 'True'}]}", Job.class);
    return new RestoreFacts(true, Optional.of(job));
  }

  private static Pod pod(String phase, int exit, String message) {
    return pod(GivenFacts.ended(phase, "restic", exit, "05", message));
  }

  private static Pod pod(String status) {
    var pod = GivenFacts.pod("r", "restore", status);
    pod.getMetadata()
        .getLabels()
        .put("batch.kubernetes.io/job-name", Names.restore("tiles", "once"));
    return pod;
  }

  private static final Pod FILLED =
      pod("Succeeded", 0, "stage=done\nexit=0\nsnapshot=1a2b3c4d\nlog:\n");

  @Test
  void aVolumeThatItFilledBeforeIsLeftAsItIs() {
    var before = next(facts(Given.instance(ASKED), RestoreFacts.NONE.asDoneBefore(), SERVES));
    assertThat(before.phase()).isEqualTo(RestorePhase.Done);
    assertThat(before.message()).contains("later changes were kept");
    assertThat(next(facts(Given.instance(ASKED), RestoreFacts.NONE, SERVES)).phase())
        .isEqualTo(RestorePhase.Stopping);
  }

  @Test
  void noStepIsTakenBeforeItIsWrittenDownThatTheVolumeIsFilled() {
    var filling = Given.restoring(ASKED, RestorePhase.Filling);
    var done = job("Complete");
    assertThat(next(facts(filling, done.notRecorded(), Optional.empty(), FILLED)).phase())
        .isEqualTo(RestorePhase.Filling);
    assertThat(next(facts(filling, done, Optional.empty(), FILLED)).phase())
        .isEqualTo(RestorePhase.Starting);
  }

  /** Pods that somebody else gave the Job's labels end it as well as its own. */
  @Test
  void jobThatIsDoneWithoutAPodOfItsOwnEndsTheRestoreAndKeepsTheServerStopped() {
    var filling = Given.restoring(ASKED, RestorePhase.Filling);
    assertThat(next(facts(filling, done(NOW.minusSeconds(5)), SERVES)).phase())
        .as("the cache of pods may be behind")
        .isEqualTo(RestorePhase.Filling);
    var status = next(facts(filling, done(NOW.minusSeconds(121)), SERVES));
    assertThat(status.phase()).isEqualTo(RestorePhase.Failed);
    assertThat(status.message())
        .contains(Names.restore("tiles", "once"))
        .contains("no pod exists that matches its template");
    assertThat(stopped(status)).isTrue();
  }

  private static RestoreFacts done(Instant at) {
    var job =
        Serialization.unmarshal(
            "status: {completionTime: \"%s\", conditions: [{type: Complete, status: 'True'}]}"
                .formatted(at),
            Job.class);
    return new RestoreFacts(true, Optional.of(job));
  }

  @Test
  void nothingAskedNothingSaid() {
    assertThat(
            new RestoreLifecycle(facts(Given.instance(SPEC), RestoreFacts.NONE, Optional.empty()))
                .next())
        .isEmpty();
  }

  @Test
  void newIdIsWrittenDownBeforeAnythingIsDone() {
    var facts = facts(Given.instance(ASKED), RestoreFacts.NONE, SERVES);
    assertThat(facts.in().stopped()).isFalse();
    assertThat(next(facts).phase()).isEqualTo(RestorePhase.Stopping);
  }

  @Test
  void volumeIsFilledWhenTheLastPodIsGone() {
    var stopping = Given.restoring(ASKED, RestorePhase.Stopping);
    assertThat(Given.input(stopping).stopped()).isTrue();
    assertThat(next(facts(stopping, RestoreFacts.NONE, SERVES)).phase())
        .isEqualTo(RestorePhase.Stopping);
    var gone = new RestoreFacts(true, Optional.empty());
    assertThat(next(facts(stopping, gone, SERVES)).phase()).isEqualTo(RestorePhase.Filling);
  }

  @Test
  void keysAreMadeAgainOnlyFromAnothersRepository() {
    var own = facts(Given.restoring(ASKED, RestorePhase.Filling), job("Complete"), SERVES, FILLED);
    assertThat(next(own).phase()).isEqualTo(RestorePhase.Starting);
    var from = facts(Given.restoring(FROM, RestorePhase.Filling), job("Complete"), SERVES, FILLED);
    assertThat(next(from).phase()).isEqualTo(RestorePhase.Keys);
    var keys = Given.restoring(FROM, RestorePhase.Keys);
    assertThat(next(facts(keys, job("Complete"), SERVES)).phase()).isEqualTo(RestorePhase.Keys);
    var made = next(facts(keys, job("Complete").withKeys(new RestoredKeys(3, 2)), SERVES));
    assertThat(made.phase()).isEqualTo(RestorePhase.Starting);
    assertThat(made.keysRecreated()).isEqualTo(3);
    assertThat(made.message()).contains("2 keys of other namespaces were left out");
  }

  @Test
  void keysThatAreLostEndTheRestoreAndTheServerStarts() {
    var facts =
        facts(Given.restoring(FROM, RestorePhase.Keys), job("Complete").withoutKeys("why"), SERVES);
    var status = next(facts);
    assertThat(status.phase()).isEqualTo(RestorePhase.Failed);
    assertThat(status.message()).isEqualTo("why");
    assertThat(stopped(status)).isFalse();
  }

  @Test
  void failureBeforeTheDataWasTouchedStartsTheServerAgain() {
    var unknown = pod("Failed", 65, "stage=find\nexit=65\nlog:\nThere is no snapshot deadbeef.");
    var status =
        next(facts(Given.restoring(ASKED, RestorePhase.Filling), job("Failed"), SERVES, unknown));
    assertThat(status.phase()).isEqualTo(RestorePhase.Failed);
    assertThat(status.incomplete()).isNull();
    assertThat(status.message()).contains("no such snapshot").contains("deadbeef");
    assertThat(stopped(status)).isFalse();
  }

  @Test
  void failureInTheMiddleKeepsTheServerStopped() {
    var full =
        pod(
            "Failed",
            1,
            "stage=restore\nexit=1\ntouched=yes\nlog:\nwrite: no space left on device");
    var status =
        next(facts(Given.restoring(ASKED, RestorePhase.Filling), job("Failed"), SERVES, full));
    assertThat(status.incomplete()).isTrue();
    assertThat(status.message()).contains("disk is full");
    assertThat(stopped(status)).isTrue();
  }

  @Test
  void databaseThatCanNotBeLoadedLeavesFilledFilesBehind() {
    var load =
        GivenFacts.ended(
            "Failed", "load", 1, "06", "stage=database\nexit=1\nlog:\nmust be owner of table");
    var fill =
        GivenFacts.ended("Failed", "restic", 0, "05", "stage=done\nexit=0\ntouched=yes")
            .replace("phase: Failed\ncontainerStatuses", "initContainerStatuses");
    var pod = pod(load.concat(fill));
    var status =
        next(facts(Given.restoring(ASKED, RestorePhase.Filling), job("Failed"), SERVES, pod));
    assertThat(status.incomplete()).isTrue();
    assertThat(status.message()).contains("stage database").contains("lacks a right");
  }

  private static boolean stopped(RestoreStatus status) {
    var instance = Given.restoring(ASKED, RestorePhase.Failed);
    instance.setStatus(
        Serialization.unmarshal(
            "restore: {id: once, phase: Failed, incomplete: " + status.incomplete() + "}",
            io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus.class));
    return Given.input(instance).stopped();
  }

  @Test
  void doneOnceTheServerServes() {
    var starting = Given.restoring(ASKED, RestorePhase.Starting);
    assertThat(Given.input(starting).stopped()).isFalse();
    assertThat(next(facts(starting, job("Complete"), Optional.empty())).phase())
        .isEqualTo(RestorePhase.Starting);
    var done = next(facts(starting, job("Complete"), SERVES));
    assertThat(done.phase()).isEqualTo(RestorePhase.Done);
    assertThat(done.finishedAt()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = RestorePhase.class,
      names = {"Done", "Failed"})
  void sameIdStartsNoSecond(RestorePhase end) {
    assertThat(next(facts(Given.restoring(ASKED, end), RestoreFacts.NONE, SERVES)).phase())
        .isEqualTo(end);
  }

  @Test
  void anotherIdStartsAnother() {
    var instance = Given.restoring(SPEC + "restore: {id: twice}\n", RestorePhase.Done);
    var status = next(facts(instance, RestoreFacts.NONE, SERVES));
    assertThat(status.id()).isEqualTo("twice");
    assertThat(status.phase()).isEqualTo(RestorePhase.Stopping);
  }

  @Test
  void pausedInstanceTakesNoStep() {
    var instance = Given.restoring(ASKED + "paused: true\n", RestorePhase.Stopping);
    var gone = new RestoreFacts(true, Optional.empty());
    assertThat(next(facts(instance, gone, SERVES)).phase()).isEqualTo(RestorePhase.Stopping);
  }

  @Test
  void removedWhileItRunsIsFailedAndSaysSo() {
    var status =
        next(facts(Given.restoring(SPEC, RestorePhase.Filling), RestoreFacts.NONE, SERVES));
    assertThat(status.phase()).isEqualTo(RestorePhase.Failed);
    assertThat(status.message()).contains("removed before the restore finished");
  }

  @Test
  void jobIsKeptAsLongAsItsRestoreIsAskedFor() {
    var wanted =
        List.of(RestorePhase.values()).stream()
            .filter(phase ->
                InstancePlan.rows().stream()
                    .filter(part -> part.id().equals("restore"))
                    .allMatch(part -> part.wanted(Given.input(Given.restoring(ASKED, phase)))))
            .toList();
    assertThat(wanted).doesNotContain(RestorePhase.Stopping).hasSize(5);
  }
}
