package io.mapwright.operator.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.keyring.DigestRefusal.Kind;
import io.mapwright.operator.model.NamespacedName;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DigestIndexTest {
  private static final String D = "d".repeat(64);
  private static final String SAME_ID = "d".repeat(60) + "beef";
  private static final NamespacedName HOST = id("maps", "host");
  private static final NamespacedName A = id("guest-a", "a");
  private static final NamespacedName A2 = id("guest-a", "a2");
  private static final NamespacedName B = id("guest-b", "b");

  private final DigestIndex index = new DigestIndex();

  @Test
  void hostKeepsItsDigestHoweverOldAGuestsKeyIs() {
    index.set(holds(A, 1, D));
    assertThat(index.set(holds(HOST, 9, D))).containsExactly(A);
    assertThat(refusal(A, 1, D)).contains(new DigestRefusal(Kind.HELD, HOST));
    assertThat(refusal(HOST, 9, D)).isEmpty();
  }

  @Test
  void mintedKeyGoesBeforeAnOlderOneThatGivesItsDigest() {
    index.set(holds(A, 1, D));
    var minted = claim(B, true, 9, Set.of(D), Set.of());
    assertThat(index.set(minted)).containsExactly(A);
    assertThat(index.refusal(minted, D)).isEmpty();
  }

  @Test
  void guestCutsItsOwnKeysOnly() {
    index.set(holds(HOST, 5, D));
    index.set(holds(A, 6, D));
    index.set(holds(B, 7, D));
    assertThat(index.set(cuts(A2, 1, D))).isEmpty();
    assertThat(refusal(HOST, 5, D)).isEmpty();
    assertThat(refusal(A, 6, D)).contains(new DigestRefusal(Kind.CUT, A2));
    index.remove(HOST);
    assertThat(refusal(B, 7, D)).as("the other guest's key is next, not the cut one").isEmpty();
    assertThat(index.remove(A2)).containsExactlyInAnyOrder(A, B);
    assertThat(refusal(A, 6, D)).isEmpty();
  }

  @Test
  void hostCutsForEverybodyUntilTheLastThatCutsIsGone() {
    index.set(holds(A, 6, D));
    assertThat(index.set(cuts(HOST, 9, D))).containsExactly(A);
    assertThat(index.set(cuts(id("maps", "again"), 9, D))).isEmpty();
    assertThat(index.remove(HOST)).isEmpty();
    assertThat(refusal(A, 6, D)).contains(new DigestRefusal(Kind.CUT, id("maps", "again")));
    assertThat(index.remove(id("maps", "again"))).containsExactly(A);
    assertThat(refusal(A, 6, D)).isEmpty();
  }

  @Test
  void cutsOfSeveralScopesGoOneByOne() {
    index.set(holds(A, 6, D));
    index.set(cuts(A2, 1, D));
    index.set(cuts(HOST, 9, D));
    index.set(cuts(B, 9, D));
    index.remove(HOST);
    assertThat(refusal(A, 6, D)).contains(new DigestRefusal(Kind.CUT, A2));
    assertThat(index.remove(A2)).containsExactly(A);
    assertThat(refusal(A, 6, D)).as("another guest's cut is its own").isEmpty();
  }

  @Test
  void nameInLogsThatIsTakenIsRefusedAndTheDigestThatHasItIsNot() {
    index.set(holds(HOST, 5, D));
    assertThat(index.set(holds(A, 1, SAME_ID))).isEmpty();
    assertThat(refusal(A, 1, SAME_ID)).contains(new DigestRefusal(Kind.ID_TAKEN, HOST));
    assertThat(refusal(HOST, 5, D)).isEmpty();
    assertThat(index.remove(HOST)).containsExactly(A);
    assertThat(refusal(A, 1, SAME_ID)).isEmpty();
  }

  @Test
  void cutOfOneDigestLeavesAnotherOfTheSameNameAlone() {
    index.set(holds(A, 1, D));
    index.set(holds(B, 2, SAME_ID));
    assertThat(index.set(cuts(HOST, 9, D))).containsExactlyInAnyOrder(A, B);
    assertThat(refusal(B, 2, SAME_ID)).isEmpty();
    assertThat(refusal(A, 1, D)).contains(new DigestRefusal(Kind.CUT, HOST));
  }

  @Test
  void changeNamesOnlyThoseWhoseAnswerChanged() {
    for (var i = 0; i < 100; i++) {
      index.set(holds(id("maps", "k" + i), i + 10, D));
    }
    assertThat(index.set(holds(HOST, 5, D))).containsExactly(id("maps", "k0"));
    assertThat(index.remove(id("maps", "k50"))).isEmpty();
    assertThat(index.remove(HOST)).containsExactly(id("maps", "k0"));
  }

  @Test
  void claimsThatWereNotSetYetAreJudgedAsIfTheyWere() {
    index.set(holds(HOST, 5, D));
    assertThat(refusal(id("maps", "older"), 1, D)).isEmpty();
    assertThat(refusal(id("maps", "younger"), 9, D)).contains(new DigestRefusal(Kind.HELD, HOST));
  }

  private Optional<DigestRefusal> refusal(NamespacedName key, int since, String digest) {
    return index.refusal(holds(key, since, digest), digest);
  }

  private static Claim holds(NamespacedName key, int since, String digest) {
    return claim(key, false, since, Set.of(digest), Set.of());
  }

  private static Claim cuts(NamespacedName key, int since, String digest) {
    return claim(key, false, since, Set.of(), Set.of(digest));
  }

  private static Claim claim(
      NamespacedName key, boolean minted, int since, Set<String> held, Set<String> cut) {
    return new Claim(
        key,
        key.toString(),
        key.namespace().equals("maps"),
        minted,
        "2027-01-01T%06d".formatted(since),
        held,
        cut);
  }

  private static NamespacedName id(String namespace, String name) {
    return new NamespacedName(namespace, name);
  }
}
