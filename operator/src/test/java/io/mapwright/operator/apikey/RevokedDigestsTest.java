package io.mapwright.operator.apikey;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.apikey.KeyLifecycle.Decision;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was cut is never forgotten, however often a key was made again. */
class RevokedDigestsTest {
  private static final KeyDigest CURRENT =
      new KeyDigest("f".repeat(64), "k1", "2027-02-01T00:00:00Z", null);

  @Test
  void noDigestIsForgotten() {
    var facts = facts(key(500, CURRENT));
    assertThat(KeyLifecycle.retired(facts, Digests.NONE))
        .hasSize(501)
        .contains(digest(0), digest(499), CURRENT.sha256());
  }

  @Test
  void keyThatHasNoRoomIsNotMadeAnewAndSaysSo() {
    var nearly = facts(key(RevokedDigests.MOST - 3, CURRENT));
    assertThat(KeyLifecycle.decide(nearly)).isInstanceOf(Decision.Mint.class);
    var full = facts(key(RevokedDigests.MOST - 2, CURRENT));
    assertThat(KeyLifecycle.decide(full)).isInstanceOf(Decision.Keep.class);
    assertThat(DeliveryRules.canBeGenerated(full)).as("it goes on working").isEmpty();
    var conditions = new io.mapwright.operator.status.Conditions(List.of(), 1L, NOW);
    var status =
        new KeyReport(
                full, Digests.of(full.status()), Optional.empty(), Enforcement.UNKNOWN, conditions)
            .status();
    assertThat(status.conditions())
        .anyMatch(c -> Reason.RotationsExhausted.name().equals(c.getReason()));
  }

  @Test
  void keyThatHasNeitherRoomNorDigestIsDenied() {
    assertThat(DeliveryRules.canBeGenerated(facts(key(RevokedDigests.MOST, null))))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.RotationsExhausted);
          assertThat(problem.message()).contains("create a new ApiKey");
        });
  }

  @Test
  void annotationOfARestoreCountsAndMovesIntoTheStatus() {
    var key = key(1, CURRENT);
    key.getMetadata()
        .setAnnotations(Map.of(Labels.CUT_DIGESTS, digest(7) + ",no digest,," + digest(8)));
    assertThat(RevokedDigests.of(key)).containsExactly(digest(7), digest(8), digest(0));
    assertThat(KeyLifecycle.retired(facts(key), Digests.of(key)))
        .containsExactly(digest(7), digest(8), digest(0));
  }

  @Test
  void annotationIsReadAsFarAsAKeyMayHaveDigests() {
    var key = key(0, CURRENT);
    key.getMetadata()
        .setAnnotations(
            Map.of(
                Labels.CUT_DIGESTS,
                RevokedDigests.annotation(
                    IntStream.range(0, RevokedDigests.MOST + 9)
                        .mapToObj(RevokedDigestsTest::digest)
                        .toList())));
    assertThat(RevokedDigests.of(key)).hasSize(RevokedDigests.MOST);
  }

  @Test
  void keyThatNeverReachedItsSecretLeavesNothingBehind() {
    var next = new KeyDigest("e".repeat(64), "k2", "2027-02-01T00:00:00Z", null);
    var failed = facts(key(3, CURRENT, next));
    assertThat(KeyLifecycle.decide(failed))
        .isEqualTo(new Decision.Mint(new Digests(CURRENT, null, null, null)));
    var another = new KeyDigest("d".repeat(64), "k3", "2027-02-01T00:00:00Z", null);
    assertThat(KeyLifecycle.retired(failed, new Digests(CURRENT, null, another, null)))
        .containsExactly(digest(0), digest(1), digest(2));
  }

  @Test
  void keyThatHasNoRoomIsNotMadeAnewBecauseItsDeliveryFailed() {
    var next = new KeyDigest("e".repeat(64), "k2", "2027-02-01T00:00:00Z", null);
    assertThat(KeyLifecycle.decide(facts(key(RevokedDigests.MOST - 2, CURRENT, next))))
        .isEqualTo(new Decision.Keep(new Digests(CURRENT, null, null, null)));
  }

  @Test
  void annotationThatChangesAgainAndAgainAddsNoMoreThanAKeyMayHave() {
    var key = key(RevokedDigests.MOST - 1, CURRENT);
    key.getMetadata()
        .setAnnotations(Map.of(Labels.CUT_DIGESTS, digest(9_001) + "," + digest(9_002)));
    assertThat(RevokedDigests.of(key))
        .hasSize(RevokedDigests.MOST)
        .contains(digest(9_001), digest(0));
  }

  @Test
  void keyWhoseCutsFoundNoRoomIsDenied() {
    var key = key(0, CURRENT);
    key.getMetadata().setAnnotations(Map.of(Labels.CUT_DIGESTS, RevokedDigests.UNREAD));
    assertThat(DeliveryRules.check(facts(key)))
        .hasValueSatisfying(
            problem -> assertThat(problem.reason()).isEqualTo(Reason.TooManyCutDigests));
  }

  private static String digest(int number) {
    return "%064x".formatted(number);
  }

  private static KeyFacts facts(ApiKey key) {
    return KeyLifecycleTest.facts(key, Optional.empty(), NOW);
  }

  private static ApiKey key(int retired, @Nullable KeyDigest current) {
    return key(retired, current, null);
  }

  private static ApiKey key(int retired, @Nullable KeyDigest current, @Nullable KeyDigest next) {
    var key = Given.key("rotation: {trigger: again}");
    key.setStatus(
        new ApiKeyStatus(
            1L,
            null,
            null,
            null,
            current,
            null,
            next,
            IntStream.range(0, retired).mapToObj(RevokedDigestsTest::digest).toList(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return key;
  }
}
