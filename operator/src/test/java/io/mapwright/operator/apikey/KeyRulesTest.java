package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.keyring.Refusal;
import io.mapwright.operator.keyring.Standing;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRulesTest {
  private static final ApiKey OWN = Given.key("");
  private static final ApiKey FOREIGN =
      Given.key("web", "k", "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]");
  private static final Optional<MapwrightInstance> INSTANCE =
      Optional.of(Given.instance(Given.SMALLEST));

  private static final Refusal HELD =
      new Refusal(Refusal.Kind.HELD, new ResourceID("older", "maps"));

  @Test
  void firstBrokenRuleIsTold() {
    assertThat(reason(OWN, Optional.empty(), true, true, true, true, true))
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
    var open =
        Optional.of(
            Given.instance(Given.SMALLEST + "access: {allowedNamespaces: [{namespace: web}]}"));
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
            standing(OWN, INSTANCE, Optional.empty()),
            Optional.empty(),
            NOW);
    assertThat(KeyRules.check(facts))
        .hasValueSatisfying(problem -> {
          assertThat(problem.type()).isEqualTo(ConditionType.Accepted);
          assertThat(problem.message()).contains("app, site").contains("denied");
        });
  }

  @Test
  void instanceThatIsNotThereAndOneThatAdmitsNobodyLookAlikeFromElsewhere() {
    assertThat(problem(FOREIGN, Optional.empty(), Optional.empty()))
        .isEqualTo(problem(FOREIGN, INSTANCE, Optional.empty()))
        .get()
        .extracting(Problem::reason)
        .isEqualTo(Reason.NamespaceNotAdmitted);
  }

  @Test
  void keyOfAnotherNamespaceIsNotNamed() {
    for (var kind : Refusal.Kind.values()) {
      var own = new Refusal(kind, new ResourceID("older", "maps"));
      assertThat(problem(OWN, INSTANCE, Optional.of(own)).orElseThrow().message())
          .contains("ApiKey older");
      var foreign = new Refusal(kind, new ResourceID("older", "secret-project"));
      assertThat(problem(OWN, INSTANCE, Optional.of(foreign)).orElseThrow().message())
          .contains("an ApiKey of another namespace")
          .doesNotContain("older", "secret-project");
    }
  }

  @Test
  void guestMayNotAskForMoreThanItsEntryGives() {
    var open =
        Optional.of(
            Given.instance(
                Given.SMALLEST
                    + "access: {allowedNamespaces: [{namespace: web, scopes: [fonts, styles]}]}"));
    assertThat(problem(FOREIGN, open, Optional.empty()))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.ScopeNotAdmitted);
          assertThat(problem.message()).startsWith("scopes:").contains("tiles");
        });
  }

  @Test
  void keyBeyondTheNumberIsToldSo() {
    var open =
        Optional.of(
            Given.instance(
                Given.SMALLEST + "access: {allowedNamespaces: [{namespace: web, maxKeys: 3}]}"));
    var facts =
        new KeyFacts(
            FOREIGN,
            open,
            List.of(),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            open.map(i -> new Standing(Admission.of(i, "web", Map.of()), true, Optional.empty())),
            Optional.empty(),
            NOW);
    assertThat(KeyRules.check(facts))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.TooManyKeys);
          assertThat(problem.message()).contains("3 keys");
        });
  }

  private static Optional<Standing> standing(
      ApiKey key, Optional<MapwrightInstance> instance, Optional<Refusal> refusal) {
    return instance.map(i ->
        new Standing(Admission.of(i, key.getMetadata().getNamespace(), Map.of()), false, refusal));
  }

  private static Optional<Problem> problem(
      ApiKey key, Optional<MapwrightInstance> instance, Optional<Refusal> refusal) {
    return KeyRules.check(
        new KeyFacts(
            key,
            instance,
            List.of(),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            standing(key, instance, refusal),
            Optional.empty(),
            NOW));
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
                secretShared ? Optional.of("older") : Optional.empty(),
                standing(key, instance, digestTaken ? Optional.of(HELD) : Optional.empty()),
                Optional.empty(),
                NOW))
        .map(problem -> problem.reason());
  }
}
