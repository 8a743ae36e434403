package io.mapwright.operator.check;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.facts.GivenFacts;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.NamespaceConflicts.KeyRestorePermission;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.SecretUse;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.report.Reports;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceRulesTest {
  private static final Map<String, NamespacedName> TAKEN =
      Map.of("maps.example.com", new NamespacedName("secret-project", "older"));
  private static final CertificatePair BROKEN = CertificatePair.of("", "");

  static InstanceFacts facts(
      String spec, Map<String, NamespacedName> hostOwners, @Nullable CertificatePair certificate) {
    return new InstanceFacts(
        Given.input(spec),
        new NamespaceConflicts(
            hostOwners, List.of(), Optional.empty(), KeyRestorePermission.ALLOWED),
        Optional.ofNullable(certificate),
        Optional.empty(),
        Optional.empty(),
        GivenFacts.NO_BACKUPS,
        Optional.empty(),
        Map.of(),
        true,
        NOW);
  }

  private static Optional<Problem> check(String spec) {
    return InstanceRules.check(facts(spec, Map.of(), null));
  }

  private static String backup(String schedule, String more) {
    return """
    hosts: [maps.example.com]
    server: {image: "maps:1", volume: {size: 1Gi}}
    tls: {issuerRef: {name: ca}}
    backup: {schedule: "%s", repository: {volume: {size: 1Gi}}%s}
    """
        .formatted(schedule, more);
  }

  @Test
  void secretOfTheOperatorsOwnIsNamedByItsField() {
    var use = new SecretUse("server.env[A]", "other-control", SecretUse.Kind.CONTENT);
    assertThat(
            check(
                new NamespaceConflicts(
                    Map.of(), List.of(use), Optional.empty(), KeyRestorePermission.ALLOWED)))
        .hasValueSatisfying(problem -> {
          assertThat(problem.type()).isEqualTo(ConditionType.Accepted);
          assertThat(problem.reason()).isEqualTo(Reason.OwnSecret);
          assertThat(problem.message()).startsWith("server.env[A]: Secret other-control");
        });
  }

  @Test
  void secretThatSomebodyWaitsForIsNotMade() {
    var read = new NamespaceConflicts.SecretRead("tiles-control", "waiting");
    assertThat(
            check(
                new NamespaceConflicts(
                    Map.of(), List.of(), Optional.of(read), KeyRestorePermission.ALLOWED)))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.OwnSecret);
          assertThat(problem.message()).contains("waiting", "tiles-control");
        });
  }

  @Test
  void restoreOfKeysNeedsSomebodyWhoMayMakeThem() {
    var nobody =
        new NamespaceConflicts(
            Map.of(), List.of(), Optional.empty(), KeyRestorePermission.NOT_APPROVED);
    var asked = Given.instance(Given.SMALLEST + "restore: {id: once, keys: Recreate}");
    assertThat(check(Given.input(asked), nobody))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.RestoreNotAllowed);
          assertThat(problem.message())
              .startsWith("restore.keys:")
              .contains(
                  "mapwright.io/restore-keys=" + RestoreConsent.of(Given.input(asked)), "Leave")
              .endsWith("Nothing was changed");
        });
    var started =
        Given.restoring(
            Given.SMALLEST + "restore: {id: once, keys: Recreate}", RestorePhase.Filling);
    assertThat(check(Given.input(started), nobody).orElseThrow().message())
        .endsWith("the restore waits");
    assertThat(check(Given.input(asked), NamespaceConflicts.NONE)).isEmpty();
    var powerless =
        new NamespaceConflicts(
            Map.of(), List.of(), Optional.empty(), KeyRestorePermission.NOT_GRANTED);
    assertThat(check(Given.input(asked), powerless))
        .hasValueSatisfying(problem ->
            assertThat(problem.message()).startsWith("restore.keys:").contains("restores.keys"));
  }

  @Test
  void consentIsForOneSource() {
    var sources =
        List.of(
            "{id: once, from: {repository: {volume: {existingClaim: a}}, passwordSecretRef: {name: v, key: k}}}",
            "{id: once, from: {repository: {volume: {existingClaim: b}}, passwordSecretRef: {name: v, key: k}}}",
            "{id: once, from: {repository: {rest: {url: 'https://a.example.com/'}}, passwordSecretRef: {name: v, key: k}}}",
            "{id: once, from: {repository: {rest: {url: 'https://a.example.com/'}}, instance: a/b, passwordSecretRef: {name: v, key: k}}}",
            "{id: once, snapshot: 1a2b3c4d, keys: Recreate}",
            "{id: once, time: '2027-01-31T03:00:00Z', keys: Recreate}",
            "{id: once, keys: Recreate}");
    assertThat(sources.stream().map(InstanceRulesTest::consent).distinct())
        .hasSameSizeAs(sources)
        .allMatch(consent -> consent.matches("once\\.[0-9a-f]{16}"));
  }

  private static String consent(String restore) {
    return RestoreConsent.of(Given.input(Given.SMALLEST + "restore: " + restore));
  }

  private static Optional<Problem> check(NamespaceConflicts neighbours) {
    return check(Given.input(Given.SMALLEST), neighbours);
  }

  private static Optional<Problem> check(InstanceInput in, NamespaceConflicts neighbours) {
    return InstanceRules.check(
        new InstanceFacts(
            in,
            neighbours,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            GivenFacts.NO_BACKUPS,
            Optional.empty(),
            Map.of(),
            true,
            NOW));
  }

  @Test
  void instanceOfAnotherNamespaceIsNotNamed() {
    assertThat(InstanceRules.check(facts(Given.SMALLEST, TAKEN, null)).orElseThrow().message())
        .contains("maps.example.com", "another namespace")
        .doesNotContain("older,", "secret-project");
    var own = Map.of("maps.example.com", new NamespacedName("maps", "older"));
    assertThat(InstanceRules.check(facts(Given.SMALLEST, own, null)).orElseThrow().message())
        .contains("an older instance, older;");
  }

  @Test
  void firstBrokenRuleIsTold() {
    var gateway = "sessions: {maxAge: 30d}\n";
    var quantity = backup("61 * * * *", "").replace("1Gi}}\ntls", "-1}}\ntls");
    assertThat(InstanceRules.check(facts(Given.SMALLEST + gateway, TAKEN, BROKEN)))
        .map(Problem::reason)
        .contains(Reason.HostConflict);
    assertThat(InstanceRules.check(facts(quantity + gateway, Map.of(), BROKEN)))
        .map(Problem::reason)
        .contains(Reason.InvalidGateway);
    assertThat(InstanceRules.check(facts(quantity, Map.of(), BROKEN)))
        .map(Problem::reason)
        .contains(Reason.InvalidQuantity);
    assertThat(InstanceRules.check(facts(backup("61 * * * *", ""), Map.of(), BROKEN)))
        .map(Problem::reason)
        .contains(Reason.InvalidSchedule);
    assertThat(InstanceRules.check(facts(Given.SMALLEST, Map.of(), BROKEN)))
        .map(Problem::reason)
        .contains(Reason.CertificateInvalid);
    assertThat(InstanceRules.check(facts(Given.SMALLEST, Map.of(), null))).isEmpty();
  }

  @Test
  void theGatewaysUserIsNobodyElses() {
    var spec = Given.SMALLEST.replace("\"maps:1\"", "\"maps:1\", runAsUser: 65531");
    assertThat(check(spec))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.InvalidGateway);
          assertThat(problem.message()).contains("server.runAsUser");
        });
  }

  /** Among them what was stored before the schema refused it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hosts | hosts: [Maps.example.com]",
        "server.healthPath | server: {image: 'maps:1', healthPath: /a/../b}",
        "access.routes | access: {routes: [{pathPrefix: /v1/../admin, scope: tiles}]}",
        "access.routes | access: {routes: [{pathPrefix: /admin/x, scope: tiles}]}",
        "access.routes | access: {routes: [{pathPrefix: /wms, scope: tiles}, {pathPrefix: /wms/, scope: fonts}]}",
        "controlPlane.hosts | controlPlane: {hosts: ['console:1'], allowedCidrs: [10.0.0.0/8]}",
        "controlPlane.pathPrefixes | controlPlane: {hosts: [c.example], allowedCidrs: [10.0.0.0/8], pathPrefixes: [/a//b]}",
        "controlPlane.allowedCidrs | controlPlane: {hosts: [c.example], allowedCidrs: [anywhere]}",
        "controlPlane.clientCa | controlPlane: {hosts: [c.example], clientCa: not a certificate}",
        "gateway.clientAddress.trustedCidrs | gateway: {clientAddress: {source: Forwarded, trustedCidrs: [anywhere]}}",
        "gateway.maxBodyBytes | gateway: {maxBodyBytes: -1}",
        "sessions.maxAge | sessions: {maxAge: 8d}",
        "updates.probePaths | updates: {probePaths: [/a/../b]}",
        "disclosure.contact | disclosure: {contact: 'mailto:a@b%'}",
        "disclosure.policyUrl | disclosure: {contact: 'mailto:a@b.example', policyUrl: 'https://b.example/%'}"
      })
  void flawOfTheGatewayIsNamedByItsField(String field, String more) {
    var spec =
        Given.SMALLEST
            .lines()
            .filter(line -> !more.startsWith(line.substring(0, line.indexOf(':') + 1)))
            .collect(Collectors.joining("\n", "", "\n" + more + "\n"));
    assertThat(check(spec))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.InvalidGateway);
          assertThat(problem.message()).startsWith(field);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1Gi", "-1", "10Gigs", "plenty"})
  void badQuantityIsNamedByItsField(String quantity) {
    var spec =
        """
        hosts: [maps.example.com]
        server: {image: "maps:1", resources: {limits: {memory: "%s"}}}
        tls: {issuerRef: {name: ca}}
        """
            .formatted(quantity);
    assertThat(check(spec))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.InvalidQuantity);
          assertThat(problem.message()).contains("server.resources.limits.memory");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 3 * * *",
        "*/15 * * * *",
        "0 3 * * 1-5",
        "0 0 1 1 *",
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
        "30 2 1,15 * *",
        "0 3 * * MON",
        "0 3 * * mon",
        "0 3 1 JAN ?",
        "0 3 ? * 1-5",
        "?/15 ? * * ?",
        "@every 1m",
        "@every 6h",
        "@every 1h30m",
        "@every 1.5h",
        "@every 90.25m0.5s"
      })
  void scheduleThatKubernetesReadsIsAccepted(String schedule) {
    assertThat(check(backup(schedule, ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "61 * * * *",
        "0 24 * * *",
        "0 3 32 * *",
        "0 3 * 13 *",
        "every day",
        "* * * *",
        "0 0 3 * * *",
        "@reboot",
        "0 3 * * 8",
        "0 3 * * 7",
        "CRON_TZ=UTC 0 3 * * *",
        "@every",
        "@every ",
        "@every  6h",
        "@every 59s",
        "@every -6h",
        "@every 6",
        "@every 6 h",
        "@every 1d",
        "@every 87601h",
        "@every 99999999999999999999999999999999h",
        "0 3 1? * *"
      })
  void scheduleThatKubernetesCanNotReadIsTold(String schedule) {
    assertThat(check(backup(schedule, "")))
        .hasValueSatisfying(p -> assertThat(p.reason()).isEqualTo(Reason.InvalidSchedule));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Etc/UTC", "Europe/Oslo", "America/Argentina/Buenos_Aires"})
  void zoneOfTheDatabaseIsAccepted(String zone) {
    assertThat(check(backup("@daily", ", timeZone: \"" + zone + "\""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mars/Olympus", "UTC+2", "GMT-3", "+02", "Z", "europe/oslo", "Local"})
  void zoneThatKubernetesDoesNotKnowIsTold(String zone) {
    assertThat(check(backup("@daily", ", timeZone: \"" + zone + "\"")))
        .hasValueSatisfying(p -> assertThat(p.message()).contains("backup.timeZone"));
  }

  @Test
  void badScheduleIsReportedEvenWhenBackupsHaveRun() {
    for (var spec :
        new String[] {backup("61 * * * *", ""), backup("@daily", ", timeZone: Mars/Olympus")}) {
      var facts = GivenFacts.withBackup(spec, "2027-02-28T03:00:00Z");
      var problems = InstanceRules.check(facts).stream().toList();
      var status = Reports.report(facts, problems);
      assertThat(Reports.condition(status, ConditionType.BackupHealthy).getReason())
          .isEqualTo("InvalidSchedule");
      assertThat(Reports.condition(status, ConditionType.Ready).getReason())
          .isEqualTo("InvalidSchedule");
    }
  }
}
