package io.mapwright.operator.instance;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.facts.BackupFacts;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.recovery.RestoredKeys;
import io.mapwright.operator.recovery.UnusableKeys;
import io.mapwright.operator.report.Reports;
import io.mapwright.operator.status.ConditionType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRecoveryTest {
  private static final RestoredKeys SEVEN = new RestoredKeys(7, 0);
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      restore: {id: once, keys: Recreate}
      """;
  private static final Instant ENDED = NOW.minusSeconds(60);
  private static final Instant LONG_AGO = NOW.minus(KeyRecovery.RETRY_PERIOD).minusSeconds(1);

  @Test
  void madeKeysAreCounted() {
    assertThat(next(ENDED, true, _ -> SEVEN).orElseThrow().keysRecreated()).contains(SEVEN);
  }

  @Test
  void whatNoOtherTryWouldMendIsToldAtOnce() {
    var lost =
        next(
            ENDED,
            true,
            _ -> {
              throw new UnusableKeys("the log of the keys has a line of more than 4096 bytes");
            });
    assertThat(lost.orElseThrow().keysLost().orElseThrow()).contains("more than 4096 bytes");
  }

  @Test
  void whatMayPassIsTriedForAnHour() {
    KeyRecovery.Source source =
        _ -> {
          throw new IOException("cut");
        };
    assertThat(next(ENDED, true, source)).isEmpty();
    assertThat(next(LONG_AGO, true, source).orElseThrow().keysLost()).isPresent();
  }

  @Test
  void podThatIsGoneIsWaitedForNoLongerThanThat() {
    assertThat(next(ENDED, false, _ -> SEVEN)).isEmpty();
    assertThat(next(LONG_AGO, false, _ -> SEVEN).orElseThrow().keysLost().orElseThrow())
        .contains("was gone");
  }

  /** What is in the status is what the next operator begins with. */
  @Test
  void restoreWhoseKeysAreLostDoesNotBeginAgain() {
    var facts = facts(ENDED, true);
    var lost =
        new KeyRecovery(facts)
            .next(_ -> {
              throw new UnusableKeys("too much");
            })
            .orElseThrow();
    var status = Reports.report(facts.with(lost), List.of());
    assertThat(Objects.requireNonNull(status.restore()).phase()).isEqualTo(RestorePhase.Failed);
    var restored = Reports.condition(status, ConditionType.Restored);
    assertThat(restored.getReason()).isEqualTo("RestoreFailed");
    assertThat(restored.getMessage()).contains("too much").contains("set another restore.id");
    var instance = Given.instance(SPEC);
    instance.setStatus(status);
    assertThat(Given.input(instance).restorePhase()).contains(RestorePhase.Failed);
    assertThat(Given.input(instance).stopped()).as("the data is whole").isFalse();
  }

  /** Anyone who may make Jobs can be first under the name of the restore's. */
  @Test
  void jobThatTheSpecDoesNotAskForMakesNoKeys() {
    var facts = facts(ENDED, true);
    var job = facts.backups().restore().job().orElseThrow();
    job.getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .setCommand(List.of("cat", "/mine/keys"));
    var came = new KeyRecovery(facts).next(_ -> SEVEN).orElseThrow();
    assertThat(came.keysRecreated()).isEmpty();
    assertThat(came.keysLost().orElseThrow()).contains("not what the spec asks for");
  }

  private static Optional<RestoreFacts> next(
      Instant ended, boolean pod, KeyRecovery.Source source) {
    return new KeyRecovery(facts(ended, pod)).next(source);
  }

  private static InstanceFacts facts(Instant ended, boolean pod) {
    var job =
        Serialization.unmarshal(
            "status: {completionTime: \"%s\", conditions: [{type: Complete, status: 'True'}]}"
                .formatted(ended),
            Job.class);
    var instance = Given.restoring(SPEC, RestorePhase.Keys);
    job.setSpec(Restores.job(Given.input(instance)).getSpec());
    var last =
        GivenFacts.pod(
            "r",
            "restore",
            GivenFacts.ended(
                "Succeeded", "restic", 0, "05", "stage=done\nexit=0\nsnapshot=1a2b3c4d"));
    last.getMetadata()
        .getLabels()
        .put("batch.kubernetes.io/job-name", Names.restore("tiles", "once"));
    return new InstanceFacts(
        Given.input(instance),
        NamespaceConflicts.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new BackupFacts(
            Optional.empty(),
            pod ? JobRun.of(last).stream().toList() : List.of(),
            Optional.empty(),
            new RestoreFacts(true, Optional.of(job))),
        Optional.empty(),
        Map.of(),
        true,
        NOW);
  }
}
