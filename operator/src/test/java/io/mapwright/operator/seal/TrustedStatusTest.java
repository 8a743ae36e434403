package io.mapwright.operator.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.RevokedDigests;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedStatusTest {
  private static final StatusSeal SEAL = new StatusSeal(new byte[32], false);
  private static final KeyDigest MINE = digest("a");
  private static final KeyDigest THEIRS = digest("b");
  private static final ApiKeyStatus GOOD = status(MINE, null, null, List.of("c".repeat(64)), "x");

  private final TrustedStatus trusted = new TrustedStatus(SEAL);

  private static KeyDigest digest(String digit) {
    return new KeyDigest(digit.repeat(64), "id", "2027-03-01T00:00:00Z", null);
  }

  private static ApiKeyStatus status(
      @Nullable KeyDigest current,
      @Nullable KeyDigest previous,
      @Nullable KeyDigest next,
      @Nullable List<String> retired,
      @Nullable String trigger) {
    return new ApiKeyStatus(
        1L,
        KeyState.Active,
        null,
        null,
        current,
        previous,
        next,
        retired,
        null,
        null,
        trigger,
        null,
        null,
        null,
        null,
        null);
  }

  private static ApiKey key(@Nullable ApiKeyStatus status) {
    var key = Given.key("");
    key.setStatus(status);
    return key;
  }

  private static String uid(ApiKey key) {
    return key.getMetadata().getUid();
  }

  private static ApiKeyStatus sealed(ApiKeyStatus status) {
    return SEAL.seal(uid(key(null)), status, null);
  }

  @Test
  void whatTheOperatorWroteIsBelieved() {
    var key = key(sealed(GOOD));
    trusted.check(key, null);
    assertThat(key.getStatus()).isEqualTo(sealed(GOOD));
    assertThat(TrustedStatus.rejected(key.getStatus())).isFalse();
  }

  static Stream<UnaryOperator<ApiKeyStatus>> forgeries() {
    return Stream.of(
        good -> status(THEIRS, null, null, good.retired(), "x").withSeal(seal(good)),
        good -> status(MINE, THEIRS, null, good.retired(), "x").withSeal(seal(good)),
        good -> status(MINE, null, THEIRS, good.retired(), "x").withSeal(seal(good)),
        good -> status(null, MINE, null, good.retired(), "x").withSeal(seal(good)),
        good -> status(MINE, null, null, List.of("d".repeat(64)), "x").withSeal(seal(good)),
        good -> status(MINE, null, null, List.of(), "x").withSeal(seal(good)),
        good -> status(MINE, null, null, good.retired(), "y").withSeal(seal(good)),
        good ->
            status(
                    new KeyDigest(
                        MINE.sha256(), "id", "2027-03-01T00:00:00Z", "2099-01-01T00:00:00Z"),
                    null,
                    null,
                    good.retired(),
                    "x")
                .withSeal(seal(good)),
        good -> status(MINE, null, null, good.retired(), "x"),
        good -> good.withSeal("rejected"),
        good -> good.withSeal(""),
        good -> SEAL.seal("uid-of-another", good, null),
        good ->
            new StatusSeal(
                    "another key of thirty-two bytes!"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    false)
                .seal(uid(key(null)), good, null));
  }

  private static String seal(ApiKeyStatus good) {
    return Objects.requireNonNull(good.seal());
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void whatSomebodyElseWroteOpensNothing(UnaryOperator<ApiKeyStatus> forgery) {
    var forged = forgery.apply(sealed(GOOD));
    var key = key(forged);
    trusted.check(key, null);
    var now = key.getStatus();
    assertThat(TrustedStatus.rejected(now)).isTrue();
    assertThat(TrustedStatus.remembered(now)).isFalse();
    assertThat(Stream.of(now.current(), now.previous(), now.next())).containsOnlyNulls();
    // All that the stored status names, and nothing else, is cut.
    assertThat(now.retired())
        .isNotEmpty()
        .containsAll(forged.retired() == null ? List.of() : forged.retired())
        .containsAll(
            Stream.of(forged.current(), forged.previous(), forged.next())
                .filter(Objects::nonNull)
                .map(KeyDigest::sha256)
                .toList())
        .isSubsetOf(Stream.of("a", "b", "c", "d").map(digit -> digit.repeat(64)).toList());
  }

  @Test
  void whatIsCutOfAnUntrustedStatusIsDigestsOnlyAndNotTheOneThatTheSpecGives() {
    var given = Given.key("digest: " + "a".repeat(64) + "\n");
    given.setStatus(status(MINE, THEIRS, null, List.of("no digest", "c".repeat(64)), null));
    trusted.check(given, null);
    assertThat(given.getStatus().retired()).containsExactly("c".repeat(64), "b".repeat(64));
    var many =
        key(
            status(
                null,
                null,
                null,
                IntStream.range(0, 3_000).mapToObj("%064x"::formatted).toList(),
                null));
    trusted.check(many, null);
    assertThat(many.getStatus().retired()).hasSize(RevokedDigests.MOST);
  }

  @Test
  void objectThatNobodyLookedAtYetIsNotJudged() {
    var key = key(status(THEIRS, null, null, null, null));
    assertThat(trusted.judged(key)).isFalse();
    key.setStatus(key.getStatus().withSeal("rejected"));
    assertThat(trusted.judged(key)).isFalse();
    trusted.check(key, null);
    assertThat(trusted.judged(key)).isTrue();
    assertThat(trusted.judged(key(sealed(GOOD)))).isTrue();
    assertThat(trusted.judged(key(null))).isTrue();
    var instance = instance("", update("theirs:1"), null);
    assertThat(trusted.judged(instance)).isFalse();
    trusted.check(instance, null);
    assertThat(trusted.judged(instance)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void whatWasKnownBeforeStandsInItsPlaceHoweverOftenItIsLookedAt(
      UnaryOperator<ApiKeyStatus> forgery) {
    var known = key(sealed(GOOD));
    var key = key(forgery.apply(sealed(GOOD)));
    trusted.check(key, known);
    trusted.check(key, known);
    var again = key(forgery.apply(sealed(GOOD)));
    trusted.check(again, key);
    for (var status : List.of(key.getStatus(), again.getStatus())) {
      assertThat(TrustedStatus.rejected(status)).isTrue();
      assertThat(TrustedStatus.remembered(status)).isTrue();
      assertThat(status.withSeal("")).isEqualTo(GOOD.withSeal(""));
    }
  }

  @Test
  void anotherObjectOfTheNameIsNotWhatWasKnown() {
    var known = key(sealed(GOOD));
    known.getMetadata().setUid("another");
    var key = key(status(THEIRS, null, null, null, null));
    trusted.check(key, known);
    assertThat(TrustedStatus.remembered(key.getStatus())).isFalse();
  }

  @Test
  void whatDecidesNothingNeedsNoSeal() {
    var key = key(status(null, null, null, null, null));
    trusted.check(key, null);
    assertThat(TrustedStatus.rejected(key.getStatus())).isFalse();
    var none = key(null);
    trusted.check(none, null);
    assertThat(none.getStatus()).isNull();
  }

  @Test
  void emptyValuesLookLikeAbsentOnesForTheyAreNotStored() {
    assertThat(sealed(status(MINE, null, null, List.of(), "")).seal())
        .isEqualTo(sealed(status(MINE, null, null, null, null)).seal());
  }

  @Test
  void valuesCanNotBeMovedBetweenFields() {
    assertThat(sealed(status(MINE, null, null, null, null)).seal())
        .isNotEqualTo(sealed(status(null, MINE, null, null, null)).seal());
    assertThat(sealed(status(null, null, null, List.of("ab", "c"), null)).seal())
        .isNotEqualTo(sealed(status(null, null, null, List.of("a", "bc"), null)).seal());
  }

  @Test
  void forgedImagesAreForgotten() {
    var instance = instance("", update("theirs:1"), null);
    trusted.check(instance, null);
    assertThat(TrustedStatus.rejected(instance.getStatus())).isTrue();
    assertThat(instance.getStatus().update()).isNull();
  }

  @Test
  void restoreThatMayHaveBeenMadeIsNotMadeAgain() {
    var instance =
        instance(
            "server: {image: \"maps:1\", volume: {size: 1Gi}}\nrestore: {id: once}\n",
            null,
            new RestoreStatus("other", RestorePhase.Done, null, null, null, null, null, null));
    trusted.check(instance, null);
    var restore = Objects.requireNonNull(instance.getStatus().restore());
    assertThat(restore.id()).isEqualTo("once");
    assertThat(restore.phase()).isEqualTo(RestorePhase.Failed);
    assertThat(restore.message()).contains("restore.id");
  }

  @Test
  void sealOfAnInstanceCoversUpdateAndRestore() {
    var done = new RestoreStatus("once", RestorePhase.Done, null, null, null, null, null, null);
    var good = SEAL.seal("uid", instance("", update("maps:1"), done).getStatus(), null);
    assertThat(SEAL.holds("uid", good)).isTrue();
    assertThat(SEAL.holds("uid", with(good, update("theirs:1"), done))).isFalse();
    assertThat(SEAL.holds("uid", with(good, update("maps:1"), null))).isFalse();
    assertThat(SEAL.holds("another", good)).isFalse();
  }

  private static ApiKeyStatus after(ApiKeyStatus before, ApiKeyStatus status) {
    return SEAL.seal(uid(key(null)), status, before.seal());
  }

  static Stream<@Nullable ApiKeyStatus> pasts() {
    var first = sealed(status(MINE, null, null, null, null));
    return Stream.of(first, null, status(null, null, null, null, null));
  }

  @ParameterizedTest
  @MethodSource("pasts")
  void olderStatusAndNoneAreNotBelievedWhileANewerOneIsKnown(@Nullable ApiKeyStatus past) {
    var first = sealed(status(MINE, null, null, null, null));
    var second = after(first, status(THEIRS, null, null, List.of(MINE.sha256()), null));
    var now = key(past);
    trusted.check(now, key(second));
    trusted.check(now, key(second));
    assertThat(TrustedStatus.rejected(now.getStatus())).isTrue();
    assertThat(now.getStatus().current()).isEqualTo(THEIRS);
    assertThat(now.getStatus().retired()).containsExactly(MINE.sha256());
    // Again, before it was put back; and what is put back is what was there.
    var again = key(past);
    trusted.check(again, now);
    assertThat(TrustedStatus.rejected(again.getStatus())).isTrue();
    assertThat(after(again.getStatus(), again.getStatus())).isEqualTo(second);
    var back = key(second);
    trusted.check(back, again);
    assertThat(TrustedStatus.rejected(back.getStatus())).isFalse();
  }

  @Test
  void whatFollowsIsBelieved() {
    var first = sealed(status(MINE, null, null, null, null));
    var second = after(first, status(THEIRS, null, null, null, null));
    var now = key(second);
    trusted.check(now, key(first));
    assertThat(now.getStatus()).isEqualTo(second);
    assertThat(StatusSeal.serial(second.seal())).isEqualTo(2);
    var third = key(after(second, status(MINE, null, null, null, null)));
    assertThat(StatusSeal.serial(third.getStatus().seal())).isEqualTo(3);
    trusted.check(third, now);
    assertThat(TrustedStatus.rejected(third.getStatus())).isFalse();
  }

  @Test
  void sealOfWhatDidNotChangeStays() {
    var good = sealed(GOOD);
    assertThat(after(good, GOOD)).isEqualTo(good);
  }

  @Test
  void serialIsSealedToo() {
    var key = key(GOOD.withSeal(seal(sealed(GOOD)).replaceFirst("1", "2")));
    trusted.check(key, null);
    assertThat(TrustedStatus.rejected(key.getStatus())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999999999999", "9999999999999999999", "1000000000000"})
  void forgedSerialLeavesRoomToRise(String serial) {
    var adopting = new StatusSeal(new byte[32], true);
    for (var sealing : List.of(SEAL, adopting)) {
      var key = key(GOOD.withSeal(serial + "." + "a".repeat(64)));
      new TrustedStatus(sealing).check(key, null);
      var stored = sealing.seal(uid(key), GOOD, key.getStatus().seal());
      assertThat(StatusSeal.serial(stored.seal())).isEqualTo(1);
      assertThat(SEAL.holds(uid(key), stored)).isTrue();
    }
  }

  @Test
  void olderStatusOfAnInstanceIsNotBelieved() {
    var first = SEAL.seal("uid", instance("", update("maps:1"), null).getStatus(), null);
    var second = SEAL.seal("uid", instance("", update("maps:2"), null).getStatus(), first.seal());
    var known = instance("", null, null);
    known.getMetadata().setUid("uid");
    known.setStatus(second);
    for (var past : Arrays.<@Nullable MapwrightInstanceStatus>asList(first, null)) {
      var now = instance("", null, null);
      now.getMetadata().setUid("uid");
      now.setStatus(past);
      trusted.check(now, known);
      assertThat(TrustedStatus.rejected(now.getStatus())).isTrue();
      assertThat(now.getStatus().update()).isEqualTo(update("maps:2"));
    }
  }

  @Test
  void lostKeyIsMendedByAdoptingOnce() {
    var adopting = new StatusSeal(new byte[32], true);
    var key = key(status(THEIRS, null, null, null, null));
    assertThat(new TrustedStatus(adopting).check(key, null)).isFalse();
    assertThat(key.getStatus().current()).isEqualTo(THEIRS);
  }

  @Test
  void shortKeysAreRefusedAndNoneIsPrinted() {
    assertThatThrownBy(() -> new StatusSeal(new byte[31], false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SEAL.toString()).isEqualTo("StatusSeal");
  }

  private static UpdateStatus update(String proven) {
    return new UpdateStatus(UpdatePhase.Current, proven, null, null, null, null, null);
  }

  private static MapwrightInstance instance(
      String spec, @Nullable UpdateStatus update, @Nullable RestoreStatus restore) {
    var instance =
        Given.instance(
            spec.isEmpty()
                ? Given.SMALLEST
                : "hosts: [maps.example.com]\ntls: {issuerRef: {name: ca}}\n" + spec);
    instance.setStatus(
        new MapwrightInstanceStatus(
            1L, null, null, null, null, null, null, update, null, restore, null, null, null));
    return instance;
  }

  private static MapwrightInstanceStatus with(
      MapwrightInstanceStatus good,
      @Nullable UpdateStatus update,
      @Nullable RestoreStatus restore) {
    return instance("", update, restore).getStatus().withSeal(String.valueOf(good.seal()));
  }
}
