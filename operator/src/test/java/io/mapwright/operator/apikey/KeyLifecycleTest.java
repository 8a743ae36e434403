package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.apikey.KeyLifecycle.Decision;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import io.mapwright.operator.keyring.KeyReferences;
import io.mapwright.operator.keyring.KeyReferences.Host;
import io.mapwright.operator.keyring.KeyVerdict;
import io.mapwright.operator.keyring.NamedPolicies;
import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Given;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyLifecycleTest {
  private static final PlainKey FIRST = ApiKeyFormat.mint(new SecureRandom());
  private static final PlainKey SECOND = ApiKeyFormat.mint(new SecureRandom());
  private static final String GIVEN = "0".repeat(64);

  private static KeyDigest digest(PlainKey key, Instant made) {
    return ApiKeyGenerator.digest(key, made);
  }

  private static KeyDigest until(KeyDigest digest, Instant end) {
    return new KeyDigest(digest.sha256(), digest.keyId(), digest.createdAt(), end.toString());
  }

  private static KeyFacts facts(
      String spec, Digests digests, @Nullable PlainKey delivered, Instant now) {
    var key = Given.key(spec);
    if (!digests.equals(Digests.NONE)) {
      key.setStatus(status(digests));
    }
    return facts(key, Optional.ofNullable(delivered).map(plain -> delivered(key, plain)), now);
  }

  /** What is remembered of the Secret that a key was delivered into. */
  static Delivered delivered(ApiKey key, PlainKey plain) {
    return Delivered.of(ApiKeyGenerator.secret(key, plain));
  }

  static KeyFacts facts(ApiKey key, Optional<Delivered> secret, Instant now) {
    return facts(key, secret, now, Optional.empty());
  }

  static KeyFacts facts(
      ApiKey key, Optional<Delivered> secret, Instant now, Optional<LocalDate> lastUsed) {
    return new KeyFacts(key, verdict(key), secret, false, Optional.empty(), lastUsed, now);
  }

  /** Nothing but the key itself stands in its way. */
  private static KeyVerdict verdict(ApiKey key) {
    var instance = Given.instance(Given.SMALLEST);
    var admission = Admission.of(instance, key.getMetadata().getNamespace(), Map.of());
    return KeyVerdict.of(
        key,
        new KeyReferences(
            Optional.of(new Host(admission, false, Admission.defaultLimit(Optional.empty()))),
            NamedPolicies.NONE,
            Map.of()));
  }

  static ApiKeyStatus status(Digests digests) {
    return new ApiKeyStatus(
        1L,
        null,
        null,
        null,
        digests.current(),
        digests.previous(),
        digests.next(),
        null,
        null,
        null,
        digests.trigger(),
        null,
        null,
        null,
        null,
        null);
  }

  private static final Digests SETTLED = new Digests(digest(FIRST, NOW), null, null, null);

  @Test
  void newKeyIsMade() {
    assertThat(KeyLifecycle.decide(facts("", Digests.NONE, null, NOW)))
        .isEqualTo(new Decision.Mint(Digests.NONE));
  }

  @Test
  void crashBeforeDeliveryMakesAnotherKeyAsNobodyHasSeenTheFirst() {
    var intended = new Digests(null, null, digest(FIRST, NOW), null);
    assertThat(KeyLifecycle.decide(facts("", intended, null, NOW)))
        .isEqualTo(new Decision.Mint(intended.withoutNext()));
  }

  @Test
  void crashAfterDeliverySettlesTheKeyThatWasDelivered() {
    var intended = new Digests(null, null, digest(FIRST, NOW), null);
    assertThat(KeyLifecycle.decide(facts("", intended, FIRST, NOW)))
        .isEqualTo(new Decision.Keep(SETTLED));
  }

  @Test
  void crashBeforeDeliveryOfARotationLeavesTheOldKeyInForce() {
    var intended = new Digests(digest(FIRST, NOW), null, digest(SECOND, NOW), null);
    assertThat(KeyLifecycle.decide(facts("rotation: {trigger: a}", intended, FIRST, NOW)))
        .isEqualTo(new Decision.Mint(intended.withoutNext()));
  }

  @Test
  void crashAfterDeliveryOfARotationSettlesItWithGrace() {
    var intended = new Digests(digest(FIRST, NOW), null, digest(SECOND, NOW), null);
    var spec = "rotation: {trigger: a, grace: 1h}";
    assertThat(KeyLifecycle.decide(facts(spec, intended, SECOND, NOW)))
        .isEqualTo(
            new Decision.Keep(
                new Digests(
                    digest(SECOND, NOW),
                    until(digest(FIRST, NOW), NOW.plusSeconds(3600)),
                    null,
                    "a")));
  }

  @Test
  void settledKeyIsKept() {
    assertThat(KeyLifecycle.decide(facts("", SETTLED, FIRST, NOW.plus(Duration.ofDays(3650)))))
        .isEqualTo(new Decision.Keep(SETTLED));
  }

  @Test
  void lostDeliverySecretDoesNotMakeANewKey() {
    assertThat(KeyLifecycle.decide(facts("", SETTLED, null, NOW)))
        .isEqualTo(new Decision.Keep(SETTLED));
  }

  @Test
  void otherContentOfTheDeliverySecretIsNotTakenForTheKey() {
    assertThat(KeyLifecycle.decide(facts("", SETTLED, SECOND, NOW)))
        .isEqualTo(new Decision.Keep(SETTLED));
  }

  @ParameterizedTest
  @CsvSource({"-PT24H, false", "-PT1S, false", "PT0S, true", "PT1S, true", "PT87600H, true"})
  void keyIsReplacedWhenItsTimeHasCome(Duration sinceDue, boolean replaced) {
    var now = NOW.plus(Duration.ofDays(90)).plus(sinceDue);
    assertThat(KeyLifecycle.decide(facts("rotation: {every: 90d}", SETTLED, FIRST, now)))
        .isEqualTo(replaced ? new Decision.Mint(SETTLED) : new Decision.Keep(SETTLED));
  }

  @Test
  void clockThatJumpsBackReplacesNothing() {
    var now = NOW.minus(Duration.ofDays(3650));
    assertThat(KeyLifecycle.decide(facts("rotation: {every: 1d}", SETTLED, FIRST, now)))
        .isEqualTo(new Decision.Keep(SETTLED));
  }

  @Test
  void clockThatJumpedForwardReplacesOnceNotOncePerPeriod() {
    var far = NOW.plus(Duration.ofDays(3650));
    var spec = "rotation: {every: 1d}";
    var next = new Digests(digest(FIRST, NOW), null, digest(SECOND, far), null);
    var promoted = Replacement.promote(next, Given.key(spec).getSpec().rotation(), far);
    assertThat(KeyLifecycle.decide(facts(spec, promoted, SECOND, far)))
        .isEqualTo(new Decision.Keep(promoted));
  }

  @Test
  void changedTriggerReplacesOnce() {
    var spec = "rotation: {trigger: now}";
    assertThat(KeyLifecycle.decide(facts(spec, SETTLED, FIRST, NOW)))
        .isEqualTo(new Decision.Mint(SETTLED));
    var acted = new Digests(digest(FIRST, NOW), null, null, "now");
    assertThat(KeyLifecycle.decide(facts(spec, acted, FIRST, NOW)))
        .isEqualTo(new Decision.Keep(acted));
  }

  @Test
  void triggerThatIsThereFromTheBeginningReplacesNothing() {
    var next = new Digests(null, null, digest(FIRST, NOW), null);
    var settled =
        Replacement.promote(next, Given.key("rotation: {trigger: a}").getSpec().rotation(), NOW);
    assertThat(settled.trigger()).isEqualTo("a");
    assertThat(KeyLifecycle.decide(facts("rotation: {trigger: a}", settled, FIRST, NOW)))
        .isEqualTo(new Decision.Keep(settled));
  }

  @ParameterizedTest
  @CsvSource({
    "'rotation: {every: 90d}', PT24H",
    "'rotation: {every: 90d, grace: 48h}', PT48H",
    "'rotation: {every: 1h}', PT30M",
    "'rotation: {trigger: a}', PT24H",
    "'rotation: {trigger: a, grace: 1s}', PT1S",
    "'', PT24H"
  })
  void replacedKeyGoesOnForItsGrace(String spec, Duration grace) {
    var next = new Digests(digest(FIRST, NOW), null, digest(SECOND, NOW), null);
    var promoted = Replacement.promote(next, Given.key(spec).getSpec().rotation(), NOW);
    assertThat(promoted.current()).isEqualTo(digest(SECOND, NOW));
    assertThat(promoted.previous()).isEqualTo(until(digest(FIRST, NOW), NOW.plus(grace)));
    assertThat(promoted.next()).isNull();
  }

  /** The status says until when the former key is accepted; clients go by it. */
  @ParameterizedTest
  @CsvSource({
    "'{trigger: b, grace: 1h}', PT30M, false",
    "'{trigger: b, grace: 1h}', PT1H, true",
    "'{trigger: b}', PT30M, false",
    "'{every: 20m, grace: 1h}', PT30M, false",
    "'{every: 20m, grace: 1h}', PT1H, true",
    "'{trigger: b, grace: 10m}', PT30M, true",
    "'{trigger: a, grace: 10m}', PT30M, false"
  })
  void replacementWaitsForTheGraceOfTheFormerKey(
      String rotation, Duration since, boolean replaced) {
    var rotating =
        new Digests(
            digest(SECOND, NOW), until(digest(FIRST, NOW), NOW.plusSeconds(3600)), null, "a");
    var facts = facts("rotation: " + rotation, rotating, SECOND, NOW.plus(since));
    var kept = since.toHours() < 1 ? rotating : new Digests(digest(SECOND, NOW), null, null, "a");
    assertThat(KeyLifecycle.decide(facts))
        .isEqualTo(replaced ? new Decision.Mint(kept) : new Decision.Keep(kept));
  }

  @Test
  void lostKeyThatIsToBeReplacedWaitsAsWell() {
    var rotating =
        new Digests(
            digest(SECOND, NOW), until(digest(FIRST, NOW), NOW.plusSeconds(3600)), null, null);
    var facts = facts("secret: {onLoss: Rotate}", rotating, null, NOW);
    assertThat(KeyLifecycle.decide(facts)).isEqualTo(new Decision.Keep(rotating));
    assertThat(Replacement.waits(facts, rotating)).contains(NOW.plusSeconds(3600));
    assertThat(KeySchedule.of(facts, rotating).nextDeadline()).contains(NOW.plusSeconds(3600));
  }

  @ParameterizedTest
  @CsvSource({"-PT1S, false", "PT0S, true", "PT1S, true"})
  void replacedKeyEndsWithItsGrace(Duration sinceEnd, boolean ended) {
    var previous = until(digest(FIRST, NOW), NOW);
    var rotating = new Digests(digest(SECOND, NOW), previous, null, "a");
    var decision =
        KeyLifecycle.decide(facts("rotation: {trigger: a}", rotating, SECOND, NOW.plus(sinceEnd)));
    assertThat(decision)
        .isEqualTo(
            new Decision.Keep(
                ended ? new Digests(digest(SECOND, NOW), null, null, "a") : rotating));
  }

  @ParameterizedTest
  @CsvSource({"-PT1S, false", "PT0S, true", "PT8760H, true"})
  void keyEndsAtItsTime(Duration sinceEnd, boolean ended) {
    var spec = "expiresAt: \"" + NOW + "\"";
    var decision = KeyLifecycle.decide(facts(spec, SETTLED, FIRST, NOW.plus(sinceEnd)));
    assertThat(decision).isEqualTo(ended ? new Decision.Cut() : new Decision.Keep(SETTLED));
  }

  @Test
  void keyThatIsOverBeforeItWasMadeIsNeverMade() {
    var spec = "expiresAt: \"2020-06-01T00:00:00Z\"";
    assertThat(KeyLifecycle.decide(facts(spec, Digests.NONE, null, NOW)))
        .isEqualTo(new Decision.Cut());
  }

  @Test
  void endThatCanNotBeReadCuts() {
    var spec = "expiresAt: \"2027-02-31T00:00:00Z\"";
    assertThat(KeyLifecycle.decide(facts(spec, SETTLED, FIRST, NOW))).isEqualTo(new Decision.Cut());
  }

  @Test
  void revokedKeyIsCutWhateverElseIsSo() {
    var rotating = new Digests(digest(SECOND, NOW), until(digest(FIRST, NOW), NOW), null, null);
    for (var spec : List.of("revoked: true", "revoked: true\nrotation: {trigger: new}")) {
      assertThat(KeyLifecycle.decide(facts(spec, rotating, SECOND, NOW)))
          .isEqualTo(new Decision.Cut());
    }
    assertThat(
            KeyLifecycle.decide(
                facts("revoked: true\ndigest: \"" + GIVEN + "\"", SETTLED, null, NOW)))
        .isEqualTo(new Decision.Cut());
  }

  @Test
  void revokedKeyThatIsAdmittedAgainIsAnotherKey() {
    var cut = new Digests(null, null, null, "a");
    assertThat(KeyLifecycle.decide(facts("rotation: {trigger: a}", cut, FIRST, NOW)))
        .isEqualTo(new Decision.Mint(cut));
  }

  @Test
  void givenDigestIsTakenAsItIs() {
    var spec = "digest: \"" + GIVEN + "\"";
    var decision = KeyLifecycle.decide(facts(spec, Digests.NONE, null, NOW));
    var taken = ApiKeyGenerator.digest(GIVEN, NOW);
    assertThat(decision).isEqualTo(new Decision.Keep(new Digests(taken, null, null, null)));
    var later = NOW.plusSeconds(3600);
    var stored = new Digests(taken, null, null, null);
    assertThat(KeyLifecycle.decide(facts(spec, stored, null, later)))
        .as("first seen is first seen")
        .isEqualTo(new Decision.Keep(stored));
  }

  @Test
  void anotherGivenDigestReplacesTheOldOneAtOnce() {
    var stored = new Digests(ApiKeyGenerator.digest(GIVEN, NOW), null, null, null);
    var other = "1".repeat(64);
    assertThat(KeyLifecycle.decide(facts("digest: \"" + other + "\"", stored, null, NOW)))
        .isEqualTo(
            new Decision.Keep(new Digests(ApiKeyGenerator.digest(other, NOW), null, null, null)));
  }

  @Test
  void nextDeadlineIsTheFirstThatIsStillToCome() {
    var previous = until(digest(FIRST, NOW), NOW.plusSeconds(60));
    var rotating = new Digests(digest(SECOND, NOW), previous, null, null);
    var spec = "rotation: {every: 1d}\nexpiresAt: \"2027-06-01T00:00:00Z\"";
    assertThat(deadline(spec, rotating, NOW)).contains(NOW.plusSeconds(60));
    assertThat(deadline(spec, rotating, NOW.plusSeconds(60))).contains(NOW.plusSeconds(86400));
    assertThat(deadline(spec, rotating, NOW.plusSeconds(86400)))
        .as("a week before the end")
        .contains(Instant.parse("2027-05-25T00:00:00Z"));
    assertThat(deadline(spec, rotating, Instant.parse("2027-05-31T00:00:00Z")))
        .contains(Instant.parse("2027-06-01T00:00:00Z"));
    assertThat(deadline(spec, rotating, Instant.parse("2027-06-01T00:00:00Z"))).isEmpty();
    assertThat(deadline("", SETTLED, NOW)).isEmpty();
  }

  private static Optional<Instant> deadline(String spec, Digests digests, Instant now) {
    return KeySchedule.of(facts(spec, digests, FIRST, now), digests).nextDeadline();
  }

  @Test
  void deliverySecretGoesWithItsKeyAndHoldsAWellFormedOne() {
    var key = Given.key("secret: {name: mine, key: token}");
    var secret = ApiKeyGenerator.secret(key, FIRST);
    assertThat(secret.getMetadata().getName()).isEqualTo("mine");
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getUid()).isEqualTo("uid-of-website");
          assertThat(owner.getController()).isTrue();
        });
    assertThat(secret.getData()).containsOnlyKeys("token");
    var remembered = delivered(key, FIRST);
    assertThat(remembered.toString()).doesNotContain(FIRST.value());
    assertThat(facts(key, Optional.of(remembered), NOW).deliveredDigest())
        .contains(FIRST.digest().toLowerCase(Locale.ROOT));
  }

  @Test
  void nothingThatHoldsAKeyPrintsIt() {
    var facts = facts("", SETTLED, FIRST, NOW);
    assertThat(facts.toString()).doesNotContain(FIRST.value());
    assertThat(FIRST.toString()).doesNotContain(FIRST.value());
    assertThat(new Decision.Mint(SETTLED).toString()).doesNotContain(FIRST.value());
  }

  @Test
  void newKeyIsReportedWhenGatewaysAcceptItAndSoonInAnyCase() {
    var made = new Digests(digest(FIRST, NOW), null, null, null);
    var intended = new Digests(null, null, digest(FIRST, NOW), null);
    assertThat(KeyLifecycle.settling(facts("", intended, FIRST, NOW.plusSeconds(2)), made))
        .isTrue();
    assertThat(KeyLifecycle.settling(facts("", intended, FIRST, NOW.plusSeconds(3)), made))
        .isFalse();
    assertThat(KeyLifecycle.settling(facts("", made, FIRST, NOW), made)).as("it was").isFalse();
    var given = "digest: \"" + "0".repeat(64) + "\"";
    assertThat(KeyLifecycle.settling(facts(given, Digests.NONE, null, NOW), made)).isFalse();
  }

  @Test
  void lostKeyIsReplacedOnlyIfThatIsWanted() {
    var rotate = "secret: {onLoss: Rotate}";
    assertThat(KeyLifecycle.decide(facts("", SETTLED, null, NOW)))
        .isInstanceOf(Decision.Keep.class);
    assertThat(KeyLifecycle.decide(facts(rotate, SETTLED, null, NOW)))
        .isInstanceOf(Decision.Mint.class);
    assertThat(KeyLifecycle.decide(facts(rotate, SETTLED, FIRST, NOW)))
        .isInstanceOf(Decision.Keep.class);
    assertThat(KeyLifecycle.decide(facts(rotate, SETTLED, SECOND, NOW)))
        .as("somebody else's value")
        .isInstanceOf(Decision.Keep.class);
    assertThat(KeyLifecycle.decide(facts(rotate + "\nrevoked: true", SETTLED, null, NOW)))
        .isInstanceOf(Decision.Cut.class);
  }
}
