package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.apikey.KeyReport.Enforcement;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyReportTest {
  private static final Enforcement NOWHERE = new Enforcement(false, 0, 0);
  private static final Digests ONE =
      new Digests(KeyMinting.digest(ApiKeyFormat.mint(new SecureRandom()), NOW), null, null, null);

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
    var problem = Optional.of(new Problem(ConditionType.Accepted, reason, "mend it"));
    var status = report("", made ? ONE : Digests.NONE, problem, NOWHERE);
    assertThat(status.state()).isEqualTo(state);
    assertThat(condition(status, ConditionType.Accepted).getReason()).isEqualTo(reason.name());
    assertThat(condition(status, ConditionType.Ready).getStatus())
        .isEqualTo(state == KeyState.Active ? "True" : "False");
  }

  @Test
  void revokedIsRevokedWhateverElseIsWrong() {
    var problem = Optional.of(new Problem(ConditionType.Accepted, Reason.PolicyNotFound, "mend"));
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
    "true, 2, 2, True, true",
    "true, 1, 2, False, false",
    "false, 0, 2, False, false",
    "true, 0, 0, Unknown, true",
    "false, 0, 0, Unknown, false"
  })
  void enforcementIsCountedNotAssumed(
      boolean seen, int enforcing, int running, String status, boolean revokedEverywhere) {
    var report =
        report(
            "revoked: true",
            Digests.NONE,
            Optional.empty(),
            new Enforcement(seen, enforcing, running));
    assertThat(condition(report, ConditionType.Enforced).getStatus()).isEqualTo(status);
    assertThat(report.enforced()).isEqualTo(enforcing + "/" + running);
    assertThat(report.revokedEverywhereAt() != null).isEqualTo(revokedEverywhere);
  }

  @Test
  void lostAndForeignContentOfTheSecretAreTold() {
    var lost = report("", ONE, Optional.empty(), NOWHERE);
    assertThat(condition(lost, ConditionType.Delivered).getReason()).isEqualTo("SecretMissing");
    var key = Given.key("");
    var other = KeyMinting.secret(key, ApiKeyFormat.mint(new SecureRandom()));
    var facts = KeyLifecycleTest.facts(key, Optional.of(other), NOW);
    var changed =
        new KeyReport(facts, ONE, Optional.empty(), NOWHERE, new Conditions(null, 1, NOW)).status();
    assertThat(condition(changed, ConditionType.Delivered).getReason()).isEqualTo("SecretChanged");
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
