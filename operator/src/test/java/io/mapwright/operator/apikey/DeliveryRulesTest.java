package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.keyring.DigestRefusal;
import io.mapwright.operator.keyring.KeyReferences;
import io.mapwright.operator.keyring.KeyReferences.Host;
import io.mapwright.operator.keyring.KeyVerdict;
import io.mapwright.operator.keyring.NamedPolicies;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryRulesTest {
  private static final String DIGEST = "a".repeat(64);
  private static final ApiKey OWN = minted();
  private static final ApiKey FOREIGN =
      Given.key("web", "k", "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]");
  private static final Optional<MapwrightInstance> INSTANCE =
      Optional.of(Given.instance(Given.SMALLEST));

  private static final DigestRefusal HELD =
      new DigestRefusal(DigestRefusal.Kind.HELD, new NamespacedName("maps", "older"));

  private static ApiKey minted() {
    var key = Given.key("");
    var digest = new KeyDigest(DIGEST, "k", "2027-02-01T00:00:00Z", null);
    key.setStatus(KeyLifecycleTest.status(new Digests(digest, null, null, null)));
    return key;
  }

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
        facts(
            OWN,
            new KeyReferences(
                host(OWN, INSTANCE, false),
                new NamedPolicies(List.of(), List.of("app", "site"), List.of()),
                Map.of()));
    assertThat(DeliveryRules.check(facts))
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
    for (var kind : DigestRefusal.Kind.values()) {
      var own = new DigestRefusal(kind, new NamespacedName("maps", "older"));
      assertThat(problem(OWN, INSTANCE, Optional.of(own)).orElseThrow().message())
          .contains("ApiKey older");
      var foreign = new DigestRefusal(kind, new NamespacedName("secret-project", "older"));
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
        facts(FOREIGN, new KeyReferences(host(FOREIGN, open, true), NamedPolicies.NONE, Map.of()));
    assertThat(DeliveryRules.check(facts))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.TooManyKeys);
          assertThat(problem.message()).contains("3 keys");
        });
  }

  private static Optional<Host> host(
      ApiKey key, Optional<MapwrightInstance> instance, boolean tooMany) {
    return instance.map(i ->
        new Host(
            Admission.of(i, key.getMetadata().getNamespace(), Map.of()),
            tooMany,
            Admission.defaultLimit(Optional.empty())));
  }

  private static Map<String, DigestRefusal> refusals(Optional<DigestRefusal> refusal) {
    return refusal.map(r -> Map.of(DIGEST, r)).orElse(Map.of());
  }

  private static KeyFacts facts(ApiKey key, KeyReferences references) {
    return facts(key, references, Optional.empty(), false);
  }

  private static KeyFacts facts(
      ApiKey key,
      KeyReferences references,
      Optional<String> secretConflict,
      boolean secretForeign) {
    return new KeyFacts(
        key,
        KeyVerdict.of(key, references),
        Optional.empty(),
        secretForeign,
        secretConflict,
        Optional.empty(),
        NOW);
  }

  private static Optional<Problem> problem(
      ApiKey key, Optional<MapwrightInstance> instance, Optional<DigestRefusal> refusal) {
    var references =
        new KeyReferences(host(key, instance, false), NamedPolicies.NONE, refusals(refusal));
    return DeliveryRules.check(facts(key, references));
  }

  private static Optional<Reason> reason(
      ApiKey key,
      Optional<MapwrightInstance> instance,
      boolean policyMissing,
      boolean policyFlawed,
      boolean digestTaken,
      boolean secretShared,
      boolean secretForeign) {
    var policies =
        new NamedPolicies(
            List.of(),
            policyMissing ? List.of("gone") : List.of(),
            policyFlawed ? List.of("flawed") : List.of());
    var refusals = refusals(digestTaken ? Optional.of(HELD) : Optional.empty());
    var references = new KeyReferences(host(key, instance, false), policies, refusals);
    var rival = secretShared ? Optional.of("older") : Optional.<String>empty();
    return DeliveryRules.check(facts(key, references, rival, secretForeign)).map(Problem::reason);
  }
}
