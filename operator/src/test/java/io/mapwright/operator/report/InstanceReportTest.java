package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.PodAge;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceReportTest {
  private static final String BACKED_UP =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      """;

  static InstanceFacts running(
      String spec, @Nullable Integer ready, Map<String, ReplicaState> replicas) {
    Optional<Deployment> deployment =
        Optional.of(
            new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(2)
                .withUpdatedReplicas(2)
                .withReadyReplicas(ready)
                .endStatus()
                .build());
    return new InstanceFacts(
        Given.input(spec),
        NamespaceConflicts.NONE,
        Optional.empty(),
        Optional.empty(),
        deployment,
        GivenFacts.NO_BACKUPS,
        Optional.empty(),
        replicas,
        true,
        NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{issuerRef: {name: ca}} | in Secret tiles-tls is not for | kubectl describe certificate -n maps tiles-tls",
        "{secretName: mine} | in Secret mine is not for | tls.secretName"
      })
  void certificateThatLacksAHostSaysWhichAndWhoMendsIt(String tls, String which, String next) {
    var issued =
        ControlCa.create("test", Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom())
            .server(List.of("other.example.com"));
    var facts = running(Given.SMALLEST.replace("{issuerRef: {name: ca}}", tls), 2, Map.of());
    var status =
        Reports.report(
            new InstanceFacts(
                facts.in(),
                facts.neighbours(),
                Optional.of(CertificatePair.of(issued.certificatePem(), issued.privateKeyPem())),
                Optional.empty(),
                facts.deployment(),
                facts.diagnosis(),
                facts.backups(),
                Optional.empty(),
                facts.replicas(),
                true,
                NOW),
            List.of());
    assertThat(Reports.condition(status, ConditionType.TlsReady).getMessage())
        .contains(which, "maps.example.com", "hosts and controlPlane.hosts", next);
  }

  private static InstanceFacts withOldestPod(String spec, String since) {
    return GivenFacts.notDeployed(
        spec, GivenFacts.NO_BACKUPS, Optional.of(new PodAge("tiles-a", Instant.parse(since))));
  }

  @ParameterizedTest
  @CsvSource({"2027-02-28T12:00:00Z, WithinRetention", "2027-02-28T11:59:59Z, LogTooOld"})
  void logsAreAsOldAsTheOldestPod(String since, String reason) {
    var status =
        Reports.report(
            withOldestPod(Given.SMALLEST + "audit: {retention: 1d}\n", since), List.of());
    assertThat(Reports.condition(status, ConditionType.LogsBounded).getReason()).isEqualTo(reason);
    assertThat(status.logsSince()).isEqualTo(since);
  }

  @Test
  void logsWithoutABoundAreNotJudged() {
    var status = Reports.report(withOldestPod(Given.SMALLEST, "2020-01-01T00:00:00Z"), List.of());
    assertThat(Conditions.find(status.conditions(), ConditionType.LogsBounded)).isEmpty();
    assertThat(status.logsSince()).isNull();
  }

  private static ReplicaState gateway(String name, boolean connected, long generation) {
    return gateway(name, connected, generation, NOW);
  }

  private static ReplicaState gateway(
      String name, boolean connected, long generation, Instant since) {
    return new ReplicaState(
        name, name, connected, generation, true, null, since, "3.4.7", List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "maps, false",
    "maps:latest, false",
    "registry.example.com:5000/maps, false",
    "registry.example.com/maps:latest, false",
    "maps:1, false",
    "docker.io/library/haproxy:3.4, false",
    "registry.example.com:5000/maps:1, false",
    "maps@sha256:0123, false",
    "maps@sha256:DIGEST, true",
    "registry.example.com:5000/maps@sha256:DIGEST, true",
    "maps:latest@sha256:DIGEST, true"
  })
  void imageIsPinnedByItsDigest(String image, boolean pinned) {
    assertThat(ImagesReport.pinned(image.replace("DIGEST", "0a".repeat(32)))).isEqualTo(pinned);
  }

  /** Every image that may come to run, by its field. */
  @Test
  void eachImageWithoutDigestIsNamedByItsField() {
    var digest = "@sha256:" + "0a".repeat(32);
    var spec =
        """
        hosts: [maps.example.com]
        server: {image: "maps:1%1$s", volume: {size: 1Gi}}
        gateway: {image: "haproxy:3.2%1$s"}
        tls: {issuerRef: {name: ca}}
        backup:
          schedule: "@daily"
          image: "restic:1%1$s"
          repository: {volume: {size: 1Gi}}
          postgres: {image: "postgres:17%1$s", urlSecretRef: {name: db, key: url}}
          hooks: {before: {image: "before:1%1$s", command: [a]}, after: {image: "after:1%1$s", command: [a]}}
        """
            .formatted(digest);
    assertThat(pinned(spec).getStatus()).isEqualTo("True");
    for (var image :
        List.of(
            "server.image (maps:1)",
            "gateway.image (haproxy:3.2)",
            "backup.image (restic:1)",
            "backup.postgres.image (postgres:17)",
            "backup.hooks.before.image (before:1)",
            "backup.hooks.after.image (after:1)")) {
      var name = image.substring(image.indexOf('(') + 1, image.length() - 1);
      var condition = pinned(spec.replace(name + digest, name));
      assertThat(condition.getStatus()).as(image).isEqualTo("False");
      assertThat(condition.getMessage()).startsWith(image + ": no digest");
    }
  }

  private static Condition pinned(String spec) {
    return Reports.condition(
        Reports.report(running(spec, 2, Map.of()), List.of()), ConditionType.ImagesPinned);
  }

  @Test
  void looseImageWarnsAndStopsNothing() {
    var spec = Given.SMALLEST.replace("\"maps:1\"", "maps");
    var facts = running(spec, 2, Map.of("a", gateway("a", true, 7), "b", gateway("b", true, 8)));
    var status = Reports.report(facts, List.of());
    assertThat(Reports.condition(status, ConditionType.ImagesPinned).getStatus())
        .isEqualTo("False");
    assertThat(Reports.condition(status, ConditionType.ImagesPinned).getMessage())
        .contains("server.image");
    assertThat(Reports.condition(status, ConditionType.Ready).getStatus()).isEqualTo("True");
  }

  @Test
  void readyNeedsPodsAndGatewaysInStep() {
    var both = Map.of("a", gateway("a", true, 7), "b", gateway("b", true, 7));
    assertThat(ready(running(Given.SMALLEST, 2, both))).isEqualTo("Serving");
    assertThat(ready(running(Given.SMALLEST, 1, both))).isEqualTo("PodsNotReady");
    assertThat(ready(running(Given.SMALLEST, null, both))).isEqualTo("PodsNotReady");
    assertThat(ready(running(Given.SMALLEST, 2, Map.of()))).isEqualTo("PodsNotReady");
    var behind = Map.of("a", gateway("a", true, 7), "b", gateway("b", true, 0));
    assertThat(ready(running(Given.SMALLEST, 2, behind))).isEqualTo("TableNotEnforced");
    var unreachable = Map.of("a", gateway("a", false, 3, NOW.minus(Duration.ofHours(13))));
    assertThat(ready(running(Given.SMALLEST, 2, unreachable))).isEqualTo("TableStale");
    var patient = Given.SMALLEST + "gateway: {tableMaxAge: \"0\"}\n";
    assertThat(ready(running(patient, 2, unreachable))).isEqualTo("TableNotEnforced");
    var lost = Map.of("a", gateway("a", true, 7), "b", gateway("b", false, 7));
    var status = Reports.report(running(Given.SMALLEST, 2, lost), List.of());
    assertThat(Reports.condition(status, ConditionType.KeysInSync).getMessage()).startsWith("b ");
  }

  @Test
  void pausedInstanceIsStalledAndNotWaitedFor() {
    var status = Reports.report(running(Given.SMALLEST + "paused: true\n", 2, Map.of()), List.of());
    assertThat(Reports.condition(status, ConditionType.Stalled).getReason()).isEqualTo("Paused");
    assertThat(Conditions.find(status.conditions(), ConditionType.Reconciling)).isEmpty();
  }

  @Test
  void startedOperatorSaysNothingNewOfGatewaysThatItHasNotHeardOf() {
    var both = Map.of("a", gateway("a", true, 7), "b", gateway("b", true, 7));
    var before = Reports.report(running(Given.SMALLEST, 2, both), List.of());
    var facts = running(Given.SMALLEST, 2, Map.of());
    var unknown =
        new InstanceFacts(
            facts.in(),
            facts.neighbours(),
            facts.certificate(),
            facts.certificatePem(),
            facts.deployment(),
            facts.backups(),
            Optional.empty(),
            Map.of(),
            false,
            NOW);
    var after =
        new InstanceReport(unknown, List.of(), new Conditions(before.conditions(), 1, NOW))
            .status(1);
    assertThat(after).isEqualTo(before);
  }

  private static String ready(InstanceFacts facts) {
    return Reports.condition(Reports.report(facts, List.of()), ConditionType.Ready).getReason();
  }

  @Test
  void atMostOneOfReconcilingAndStalledIsSet() {
    var fatal = List.of(new Problem(ConditionType.Accepted, Reason.HostConflict, "taken"));
    var stalled = Reports.report(running(Given.SMALLEST, 1, Map.of()), fatal);
    assertThat(Conditions.find(stalled.conditions(), ConditionType.Stalled)).isPresent();
    assertThat(Conditions.find(stalled.conditions(), ConditionType.Reconciling)).isEmpty();
    var waiting = Reports.report(running(Given.SMALLEST, 1, Map.of()), List.of());
    assertThat(Conditions.find(waiting.conditions(), ConditionType.Stalled)).isEmpty();
    assertThat(Conditions.find(waiting.conditions(), ConditionType.Reconciling)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-01T03:00:00Z, BackupsSucceed",
    "2027-02-28T03:10:00Z, BackupsSucceed",
    "2027-02-27T03:10:00Z, BackupTooOld",
    "2026-01-01T00:00:00Z, BackupTooOld",
    ", NeverBackedUp"
  })
  void ageOfTheBackupIsMeasuredByItsSchedule(@Nullable String last, String reason) {
    var status = Reports.report(GivenFacts.withBackup(BACKED_UP, last), List.of());
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getReason())
        .isEqualTo(reason);
  }

  @Test
  void noBackupIsUnknownAndNotTrue() {
    var status = Reports.report(running(Given.SMALLEST, 2, Map.of()), List.of());
    assertThat(Reports.condition(status, ConditionType.BackupHealthy).getStatus())
        .isEqualTo("Unknown");
  }

  @Test
  void absentKindIsNamedWithWhatItCosts() {
    var in = Given.input(Given.SMALLEST + "monitoring: {serviceMonitor: {}}");
    var bare =
        new InstanceInput(
            in.name(),
            in.namespace(),
            in.uid(),
            in.spec(),
            in.operator(),
            Set.of(),
            in.generatedSecrets(),
            in.imageDecision(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    var facts =
        new InstanceFacts(
            bare,
            NamespaceConflicts.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            GivenFacts.NO_BACKUPS,
            Optional.empty(),
            Map.of(),
            true,
            NOW);
    var status = Reports.report(facts, List.of());
    assertThat(Reports.condition(status, ConditionType.MonitoringReady).getMessage())
        .contains("ServiceMonitor")
        .contains("not installed");
    assertThat(Reports.condition(status, ConditionType.TlsReady).getReason())
        .isEqualTo("CrdMissing");
    assertThat(Reports.condition(status, ConditionType.Ready).getReason()).isEqualTo("CrdMissing");
  }

  @Test
  void factsPrintNoSecrets() {
    assertThat(running(Given.SMALLEST, 2, Map.of()).toString())
        .isEqualTo("InstanceFacts[maps/tiles]");
  }
}
