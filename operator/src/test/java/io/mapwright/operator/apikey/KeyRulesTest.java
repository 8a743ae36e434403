package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRulesTest {
  private static final ApiKey OWN = Given.key("");
  private static final ApiKey FOREIGN =
      Given.key("web", "k", "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]");
  private static final Optional<MapwrightInstance> INSTANCE =
      Optional.of(Given.instance(Given.SMALLEST));

  @Test
  void firstBrokenRuleIsTold() {
    assertThat(reason(FOREIGN, Optional.empty(), true, true, true, true, true))
        .contains(Reason.InstanceNotFound);
    assertThat(reason(FOREIGN, INSTANCE, true, true, true, true, true))
        .contains(Reason.NamespaceNotAdmitted);
    assertThat(reason(OWN, INSTANCE, true, true, true, true, true)).contains(Reason.PolicyNotFound);
    assertThat(reason(OWN, INSTANCE, false, true, true, true, true)).contains(Reason.InvalidOrigin);
    assertThat(reason(OWN, INSTANCE, false, false, true, true, true))
        .contains(Reason.DuplicateDigest);
    assertThat(reason(OWN, INSTANCE, false, false, false, true, true))
        .contains(Reason.SecretConflict);
    assertThat(reason(OWN, INSTANCE, false, false, false, false, true)).contains(Reason.NameClash);
    assertThat(reason(OWN, INSTANCE, false, false, false, false, false)).isEmpty();
  }

  @Test
  void namespaceThatTheInstanceNamesIsAdmitted() {
    var open = Optional.of(Given.instance(Given.SMALLEST + "access: {allowedNamespaces: [web]}"));
    assertThat(reason(FOREIGN, open, false, false, false, false, false)).isEmpty();
  }

  @Test
  void givenDigestNeedsNoDeliverySecret() {
    var given = Given.key("digest: \"" + "0".repeat(64) + "\"");
    assertThat(reason(given, INSTANCE, false, false, false, true, true)).isEmpty();
  }

  @Test
  void messagesNameWhatIsMissingAndSayWhatToDo() {
    var facts =
        new KeyFacts(
            OWN,
            INSTANCE,
            List.of("app", "site"),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NOW);
    assertThat(KeyRules.check(facts))
        .hasValueSatisfying(problem -> {
          assertThat(problem.type()).isEqualTo(ConditionType.Accepted);
          assertThat(problem.message()).contains("app, site").contains("denied");
        });
  }

  private static Optional<Reason> reason(
      ApiKey key,
      Optional<MapwrightInstance> instance,
      boolean policyMissing,
      boolean policyFlawed,
      boolean digestTaken,
      boolean secretShared,
      boolean secretForeign) {
    return KeyRules.check(
            new KeyFacts(
                key,
                instance,
                policyMissing ? List.of("gone") : List.of(),
                policyFlawed ? List.of("flawed") : List.of(),
                Optional.empty(),
                secretForeign,
                secretShared ? Optional.of("maps/older") : Optional.empty(),
                digestTaken ? Optional.of("maps/older") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOW))
        .map(problem -> problem.reason());
  }
}
