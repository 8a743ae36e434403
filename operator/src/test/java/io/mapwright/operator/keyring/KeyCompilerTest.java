package io.mapwright.operator.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.model.Given;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyCompilerTest {
  private static final String GIVEN = "digest: \"" + "a".repeat(64) + "\"\n";
  private static final String SITE = "originPolicyRefs: [{name: site}]\n";

  @Test
  void entryHoldsTheDigestAndNotTheKey() {
    assertThat(entry(Given.key(GIVEN)).digestHex()).isEqualTo("A".repeat(64));
    assertThat(entry(Given.key(GIVEN)).keyId()).isEqualTo("k" + "a".repeat(24));
  }

  @Test
  void scopesAreThoseOfTheKeyAndNoMore() {
    assertThat(entry(Given.key(GIVEN)).scopes()).containsExactly(Scope.TILES);
  }

  @Test
  void limitIsTheKeysOwnElseTheInstancesElseTheDefault() {
    assertThat(entry(Given.key(GIVEN)).rateLimit().requestsPerSecond()).isEqualTo(50);
    assertThat(entry(Given.key(GIVEN)).rateLimit().burst()).isEqualTo(500);
    var limited = Given.SMALLEST + "access: {defaultRateLimit: {requestsPerSecond: 30}}";
    assertThat(compile(Given.key(GIVEN), limited).getFirst().rateLimit().requestsPerSecond())
        .isEqualTo(30);
    assertThat(compile(Given.key(GIVEN), limited).getFirst().rateLimit().burst()).isEqualTo(300);
    var own = Given.key(GIVEN + "rateLimit: {requestsPerSecond: 2}");
    assertThat(compile(own, limited).getFirst().rateLimit().requestsPerSecond()).isEqualTo(2);
    assertThat(compile(own, limited).getFirst().rateLimit().burst())
        .as("a first map view must get through")
        .isEqualTo(100);
  }

  @Test
  void guestsLimitIsCutToWhatItsEntryGives() {
    var guest = "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]\n" + GIVEN;
    var open =
        Given.SMALLEST
            + "access: {allowedNamespaces: [{namespace: web, maxRequestsPerSecond: 20}]}";
    var asking =
        "rateLimit: {requestsPerSecond: 5000, burst: 50000, perClientRequestsPerSecond: 9}";
    var cut = compile(Given.key("web", "k", guest + asking), open).getFirst().rateLimit();
    assertThat(cut.requestsPerSecond()).isEqualTo(20);
    assertThat(cut.burst()).isEqualTo(200);
    assertThat(cut.perClientRequestsPerSecond()).isEqualTo(9);
    var unset = compile(Given.key("web", "k", guest), open).getFirst().rateLimit();
    assertThat(unset.requestsPerSecond()).as("the default is cut as well").isEqualTo(20);
    var modest = "rateLimit: {requestsPerSecond: 2, burst: 30}";
    assertThat(compile(Given.key("web", "k", guest + modest), open).getFirst().rateLimit().burst())
        .isEqualTo(30);
    assertThat(compile(Given.key(GIVEN + asking), open).getFirst().rateLimit().requestsPerSecond())
        .as("the host is no guest")
        .isEqualTo(5000);
  }

  @Test
  void guestWithAScopeThatItsEntryDoesNotGiveIsDenied() {
    var guest = "instanceRef: {name: tiles, namespace: maps}\n" + GIVEN + "scopes: ";
    var open = Given.SMALLEST + "access: {allowedNamespaces: [{namespace: web}]}";
    assertThat(compile(Given.key("web", "k", guest + "[tiles, routing]"), open)).hasSize(1);
    assertThat(compile(Given.key("web", "k", guest + "[admin]"), open))
        .as("the control plane has to be given by name")
        .isEmpty();
    var admin = open.replace("web}", "web, scopes: [admin]}");
    assertThat(compile(Given.key("web", "k", guest + "[admin]"), admin)).hasSize(1);
    assertThat(compile(Given.key("web", "k", guest + "[tiles]"), admin)).isEmpty();
  }

  @Test
  void keyWithoutPolicyWorksFromAnyOriginAndNeverWithCredentials() {
    var entry = entry(Given.key(GIVEN));
    assertThat(entry.originSet()).isEmpty();
    assertThat(entry.missingOriginAllowed()).isTrue();
    assertThat(entry.allowCredentials()).isFalse();
  }

  @Test
  void missingOriginIsDeniedUnlessAPolicyAllowsIt() {
    var origins = "origins: [\"https://www.example.com\"]\n";
    assertThat(entry(Given.key(GIVEN + SITE), policy(origins)).missingOriginAllowed()).isFalse();
    assertThat(
            entry(Given.key(GIVEN + SITE), policy(origins + "missingOrigin: Deny"))
                .missingOriginAllowed())
        .isFalse();
    assertThat(
            entry(Given.key(GIVEN + SITE), policy(origins + "missingOrigin: Allow"))
                .missingOriginAllowed())
        .isTrue();
  }

  @Test
  void credentialsNeedAPolicyThatSaysSo() {
    var origins = "origins: [\"https://www.example.com\"]\n";
    assertThat(entry(Given.key(GIVEN + SITE), policy(origins)).allowCredentials()).isFalse();
    assertThat(
            entry(Given.key(GIVEN + SITE), policy(origins + "cors: {allowCredentials: true}"))
                .allowCredentials())
        .isTrue();
  }

  @Test
  void whatCanNotBeResolvedDenies() {
    assertThat(compile(Given.key(GIVEN + SITE), Given.SMALLEST)).isEmpty();
    assertThat(
            compile(
                Given.key(GIVEN + "originPolicyRefs: [{name: site}, {name: gone}]"),
                Given.SMALLEST,
                policy("origins: [\"https://www.example.com\"]")))
        .isEmpty();
    assertThat(compile(Given.key(GIVEN + "revoked: true"), Given.SMALLEST)).isEmpty();
    assertThat(
            compile(
                Given.key(
                    "web",
                    "k",
                    GIVEN + "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]"),
                Given.SMALLEST))
        .isEmpty();
    assertThat(compile(Given.key(""), Given.SMALLEST)).as("no digest yet").isEmpty();
  }

  @Test
  void endIsTheSoonerOfTheKeysAndTheDigests() {
    var end = Instant.parse("2027-06-01T00:00:00Z");
    var key = Given.key("expiresAt: \"2027-06-01T00:00:00Z\"");
    key.setStatus(status(digest(null), digest("2027-05-01T00:00:00Z")));
    assertThat(compile(key, Given.SMALLEST))
        .extracting(KeyEntry::notAfterEpochSeconds)
        .containsExactly(
            OptionalLong.of(end.getEpochSecond()),
            OptionalLong.of(Instant.parse("2027-05-01T00:00:00Z").getEpochSecond()));
  }

  @Test
  void digestsOfOneKeyShareItsLimit() {
    var key = Given.key("");
    key.setStatus(status(digest(null), digest("2027-05-01T00:00:00Z")));
    assertThat(compile(key, Given.SMALLEST))
        .hasSize(2)
        .allSatisfy(entry -> assertThat(entry.counter()).isEqualTo("k" + "b".repeat(24)))
        .extracting(KeyEntry::keyId)
        .containsExactly("k" + "b".repeat(24), "k" + "c".repeat(24));
  }

  @Test
  void endThatCanNotBeReadIsOver() {
    var key = Given.key(GIVEN + "expiresAt: \"2027-02-31T00:00:00Z\"");
    assertThat(entry(key).notAfterEpochSeconds()).hasValue(1);
  }

  @Test
  void unionOfPoliciesHasOneNameWhateverTheirOrder() {
    var a = Given.policy("a", "origins: [\"https://a.example.com\"]");
    var b = Given.policy("b", "origins: [\"https://b.example.com\"]");
    assertThat(PolicyOrigins.setName(List.of(a, b)))
        .isEqualTo(PolicyOrigins.setName(List.of(b, a)))
        .isNotEqualTo(PolicyOrigins.setName(List.of(a)));
  }

  private static KeyEntry entry(ApiKey key, OriginPolicy... policies) {
    return compile(key, Given.SMALLEST, policies).getFirst();
  }

  private static List<KeyEntry> compile(ApiKey key, String instance, OriginPolicy... policies) {
    var claims = new InstanceClaims(Given.instance(instance), _ -> Map.of(), _ -> Optional.empty());
    var named =
        NamedPolicies.of(
            key,
            name ->
                Arrays.stream(policies)
                    .filter(policy -> policy.getMetadata().getName().equals(name))
                    .findFirst(),
            PolicyOrigins::comparable);
    var references = new KeyReferences(Optional.of(claims.host(key)), named, Map.of());
    return KeyCompiler.compile(KeyVerdict.of(key, references)).entries();
  }

  private static OriginPolicy policy(String spec) {
    return Given.policy("site", spec);
  }

  private static KeyDigest digest(@Nullable String end) {
    return new KeyDigest((end == null ? "b" : "c").repeat(64), "k", "2027-03-01T00:00:00Z", end);
  }

  private static ApiKeyStatus status(KeyDigest current, KeyDigest previous) {
    return new ApiKeyStatus(
        1L,
        KeyState.Rotating,
        null,
        null,
        current,
        previous,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
