package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyReportTest {
  private static final Enforcement NOWHERE = new Enforcement(true, false, 0, 0);
  private static final Digests ONE =
      new Digests(
          ApiKeyGenerator.digest(ApiKeyFormat.mint(new SecureRandom()), NOW), null, null, null);

  @ParameterizedTest
  @CsvSource({
    "InstanceNotFound, false, Pending",
    "InstanceNotFound, true, Pending",
    "NamespaceNotAdmitted, true, Denied",
    "PolicyNotFound, true, Denied",
    "DuplicateDigest, true, Denied",
    "SecretConflict, false, Denied",
    "SecretConflict, true, Active",
    "NameClash, false, Denied",
    "NameClash, true, Active"
  })
  void stateSaysWhatGatewaysDo(Reason reason, boolean made, KeyState state) {
    var problem = Optional.of(new Problem(ConditionType.Accepted, reason, "fix it"));
    var status = report("", made ? ONE : Digests.NONE, problem, NOWHERE);
    assertThat(status.state()).isEqualTo(state);
    assertThat(condition(status, ConditionType.Accepted).getReason()).isEqualTo(reason.name());
    assertThat(condition(status, ConditionType.Ready).getStatus())
        .isEqualTo(state == KeyState.Active ? "True" : "False");
  }

  @Test
  void revokedIsRevokedWhateverElseIsWrong() {
    var problem = Optional.of(new Problem(ConditionType.Accepted, Reason.PolicyNotFound, "fix"));
    assertThat(report("revoked: true", Digests.NONE, problem, NOWHERE).state())
        .isEqualTo(KeyState.Revoked);
  }

  @Test
  void endOfAKeyIsTold() {
    var status =
        report("expiresAt: \"2027-01-01T00:00:00Z\"", Digests.NONE, Optional.empty(), NOWHERE);
    assertThat(status.state()).isEqualTo(KeyState.Expired);
    assertThat(status.expiresAt()).isEqualTo("2027-01-01T00:00:00Z");
    assertThat(condition(status, ConditionType.Ready).getMessage()).contains("2027-01-01");
  }

  @ParameterizedTest
  @CsvSource({
    "true, 2, 2, True, true, all",
    "true, 1, 2, False, false, 1/2",
    "false, 0, 2, False, false, 0/2",
    "true, 0, 0, Unknown, true, 0/0",
    "false, 0, 0, Unknown, false, 0/0"
  })
  void enforcementIsCountedNotAssumed(
      boolean seen,
      int enforcing,
      int running,
      String status,
      boolean revokedEverywhere,
      String enforced) {
    var report =
        report(
            "revoked: true",
            Digests.NONE,
            Optional.empty(),
            new Enforcement(true, seen, enforcing, running));
    assertThat(condition(report, ConditionType.Enforced).getStatus()).isEqualTo(status);
    assertThat(report.enforced()).isEqualTo(enforced);
    assertThat(report.revokedEverywhereAt() != null).isEqualTo(revokedEverywhere);
  }

  @ParameterizedTest
  @CsvSource({
    "revoked: true, 2, 2, True, Revoked, absent, absent",
    "revoked: true, 0, 0, True, Revoked, absent, absent",
    "revoked: true, 1, 2, False, TableNotEnforced, absent, TableNotEnforced",
    "'expiresAt: \"2027-01-01T00:00:00Z\"', 2, 2, True, Expired, absent, absent"
  })
  void kstatusComesToAnEnd(
      String spec,
      int enforcing,
      int running,
      String ready,
      String reason,
      String stalled,
      String reconciling) {
    var enforcement = new Enforcement(true, true, enforcing, running);
    var status = report(spec, Digests.NONE, Optional.empty(), enforcement);
    assertThat(condition(status, ConditionType.Ready).getStatus()).isEqualTo(ready);
    assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo(reason);
    assertThat(reason(status, ConditionType.Stalled)).isEqualTo(stalled);
    assertThat(reason(status, ConditionType.Reconciling)).isEqualTo(reconciling);
  }

  /** What Flux waits for may come a moment later; for good it is told by a condition of its own. */
  @ParameterizedTest
  @CsvSource({
    "InstanceNotFound, 0, absent, InstanceNotFound",
    "NamespaceNotAdmitted, 119, absent, NamespaceNotAdmitted",
    "PolicyNotFound, 119, absent, PolicyNotFound",
    "PolicyNotFound, 121, PolicyNotFound, absent",
    "InstanceNotFound, 121, InstanceNotFound, absent",
    "DuplicateDigest, 0, DuplicateDigest, absent"
  })
  void danglingReferenceIsStalledAfterAGrace(
      Reason reason, int secondsLater, String stalled, String reconciling) {
    var problem = Optional.of(new Problem(ConditionType.Accepted, reason, "fix it"));
    var first = report("", Digests.NONE, problem, NOWHERE);
    var now = NOW.plusSeconds(secondsLater);
    var key = Given.key("");
    key.setStatus(first);
    var facts = KeyLifecycleTest.facts(key, Optional.empty(), now);
    var then =
        new KeyReport(
                facts, Digests.NONE, problem, NOWHERE, new Conditions(first.conditions(), 1, now))
            .status();
    assertThat(reason(then, ConditionType.Stalled)).isEqualTo(stalled);
    assertThat(reason(then, ConditionType.Reconciling)).isEqualTo(reconciling);
  }

  private static String reason(ApiKeyStatus status, ConditionType type) {
    return Conditions.find(status.conditions(), type).map(Condition::getReason).orElse("absent");
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-09T12:00:01Z, absent",
    "2027-03-08T12:00:00Z, EndsWithinAWeek",
    "2027-03-02T12:00:01Z, EndsWithinAWeek",
    "2027-03-02T12:00:00Z, EndsWithinADay"
  })
  void ownerIsToldBeforeAKeyEnds(String end, String reason) {
    var status = report("expiresAt: \"" + end + "\"", ONE, Optional.empty(), Enforcement.UNKNOWN);
    assertThat(reason(status, ConditionType.Expiring)).isEqualTo(reason);
  }

  /** A key whose former value is accepted for some hours more. */
  private static Digests rotating(@Nullable String trigger) {
    var former = new KeyDigest("a".repeat(64), "former", null, "2027-03-02T00:00:00Z");
    return new Digests(ONE.current(), former, null, trigger);
  }

  @Test
  void ownerIsToldThatTheFormerKeyEnds() {
    var status = report("", rotating(null), Optional.empty(), Enforcement.UNKNOWN);
    assertThat(condition(status, ConditionType.Expiring).getMessage())
        .contains("former")
        .contains("2027-03-02T00:00:00Z");
  }

  @Test
  void ownerIsToldThatTheNextRotationWaits() {
    var status =
        report("rotation: {trigger: b}", rotating("a"), Optional.empty(), Enforcement.UNKNOWN);
    assertThat(condition(status, ConditionType.Expiring).getReason()).isEqualTo("RotationWaits");
    assertThat(condition(status, ConditionType.Expiring).getMessage())
        .contains("waits until 2027-03-02T00:00:00Z")
        .contains("rotation.grace");
    assertThat(status.nextRotation()).isEqualTo("2027-03-02T00:00:00Z");
    assertThat(status.observedTrigger()).isEqualTo("a");
  }

  @Test
  void whatWasEnforcedEverywhereStaysSo() {
    var before = report("", ONE, Optional.empty(), new Enforcement(true, true, 3, 3));
    for (var later :
        new Enforcement[] {
          new Enforcement(true, true, 2, 3), new Enforcement(true, false, 0, 0), Enforcement.UNKNOWN
        }) {
      assertThat(after(before, "", ONE, later)).isEqualTo(before);
    }
  }

  /** What was once written of as many gateways as there were is no count of those there are. */
  @Test
  void gatewaysThatComeMakeNoFractionOfWhatIsEnforcedEverywhere() {
    var one = report("", ONE, Optional.empty(), new Enforcement(true, true, 1, 1));
    assertThat(one.enforced()).isEqualTo("all");
    assertThat(after(one, "", ONE, new Enforcement(true, true, 1, 3)).enforced()).isEqualTo("all");
  }

  @Test
  void otherStateIsCountedAnew() {
    var before = report("", ONE, Optional.empty(), new Enforcement(true, true, 3, 3));
    var revoked = after(before, "revoked: true", Digests.NONE, new Enforcement(true, true, 1, 3));
    assertThat(revoked.enforced()).isEqualTo("1/3");
    assertThat(revoked.revokedEverywhereAt()).isNull();
    assertThat(revoked.retired()).hasSize(1);
    var done = after(revoked, "revoked: true", Digests.NONE, new Enforcement(true, true, 3, 3));
    assertThat(done.revokedEverywhereAt()).isNotNull();
    assertThat(done.retired()).isEqualTo(revoked.retired());
  }

  @Test
  void startedOperatorSaysNothingNewOfWhatItHasNotHeard() {
    var before = report("", ONE, Optional.empty(), new Enforcement(true, true, 1, 3));
    assertThat(after(before, "", ONE, Enforcement.UNKNOWN)).isEqualTo(before);
    assertThat(after(before, "", ONE, new Enforcement(true, true, 2, 3)).enforced())
        .isEqualTo("2/3");
  }

  private static ApiKeyStatus after(
      ApiKeyStatus before, String spec, Digests digests, Enforcement enforcement) {
    var key = Given.key(spec);
    key.setStatus(before);
    var facts = KeyLifecycleTest.facts(key, Optional.empty(), NOW);
    var conditions = new Conditions(before.conditions(), 1, NOW);
    return new KeyReport(facts, digests, Optional.empty(), enforcement, conditions).status();
  }

  @Test
  void lostAndForeignContentOfTheSecretAreTold() {
    var lost = report("", ONE, Optional.empty(), NOWHERE);
    assertThat(condition(lost, ConditionType.Delivered).getReason()).isEqualTo("SecretMissing");
    var key = Given.key("");
    var other = KeyLifecycleTest.delivered(key, ApiKeyFormat.mint(new SecureRandom()));
    var facts = KeyLifecycleTest.facts(key, Optional.of(other), NOW);
    var changed =
        new KeyReport(facts, ONE, Optional.empty(), NOWHERE, new Conditions(null, 1, NOW)).status();
    assertThat(condition(changed, ConditionType.Delivered).getReason()).isEqualTo("SecretChanged");
  }

  @Test
  void lastUseIsSaidByTheDayAndNeverGoesBack() {
    var uses = new LastUses();
    var key = Given.key("");
    assertThat(uses.of(key)).isEmpty();
    assertThat(uses.record(key, LocalDate.of(2026, 3, 4))).isTrue();
    assertThat(uses.record(key, LocalDate.of(2026, 3, 2))).isTrue();
    assertThat(uses.of(key)).hasValue(LocalDate.of(2026, 3, 4));

    var facts = KeyLifecycleTest.facts(key, Optional.empty(), NOW, uses.of(key));
    var status =
        new KeyReport(facts, ONE, Optional.empty(), NOWHERE, new Conditions(null, 1, NOW)).status();
    key.setStatus(status);
    assertThat(status.lastUsed()).isEqualTo("2026-03-04");
    assertThat(uses.record(key, LocalDate.of(2026, 3, 4))).as("said already").isFalse();
    assertThat(uses.of(key)).hasValue(LocalDate.of(2026, 3, 4));
  }

  private static ApiKeyStatus report(
      String spec, Digests digests, Optional<Problem> problem, Enforcement enforcement) {
    var facts = KeyLifecycleTest.facts(Given.key(spec), Optional.empty(), NOW);
    return new KeyReport(facts, digests, problem, enforcement, new Conditions(null, 1, NOW))
        .status();
  }

  private static Condition condition(ApiKeyStatus status, ConditionType type) {
    return Conditions.find(status.conditions(), type).orElseThrow();
  }
}
