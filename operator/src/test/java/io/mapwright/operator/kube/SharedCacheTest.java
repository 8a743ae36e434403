package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the operator keeps of its own kinds is not for their authors to choose. */
class SharedCacheTest {
  private final SharedCache<ApiKey> keys =
      new SharedCache<>(
          "keys",
          Set.of(),
          new TrustedStatus(new StatusSeal(new byte[StatusSeal.KEY_BYTES], false)));

  private static ApiKey key(int number, Map<String, String> annotations) {
    var key = Given.key("rotation: {trigger: a}");
    key.getMetadata().setName("k" + number);
    key.getMetadata().setAnnotations(new HashMap<>(annotations));
    return key;
  }

  private static Map<String, String> cuts(int of) {
    return Map.of(
        Labels.CUT_DIGESTS,
        RevokedDigests.annotation(
            IntStream.range(0, RevokedDigests.MOST)
                .mapToObj(i -> "%064x".formatted(of * RevokedDigests.MOST + i))
                .toList()));
  }

  @Test
  void onlyWhatIsReadIsKept() {
    var key =
        key(1, Map.of("big", "x".repeat(200_000), Labels.RESTORE_KEYS, "again", "other/one", ""));
    key.getMetadata().setLabels(Map.of("team", "maps"));
    keys.trim(key);
    assertThat(key.getMetadata().getAnnotations())
        .containsExactly(Map.entry(Labels.RESTORE_KEYS, "again"));
    assertThat(key.getMetadata().getLabels()).isEmpty();
  }

  @Test
  void cutDigestsThatFindNoRoomAreNotKeptAndTheirKeySaysSo() {
    for (var i = 0; i < 200; i++) {
      var key = key(i, cuts(i));
      keys.trim(key);
      var known = RevokedDigests.of(key).size();
      if (i < RevokedDigestBudget.NAMESPACE / RevokedDigests.MOST) {
        assertThat(known).isEqualTo(RevokedDigests.MOST);
        assertThat(RevokedDigests.unread(key)).isFalse();
      } else {
        assertThat(known).isZero();
        assertThat(RevokedDigests.unread(key)).isTrue();
      }
      keys.trim(key);
      assertThat(RevokedDigests.of(key)).as("looked at twice").hasSize(known);
    }
  }

  @Test
  void aListenerThatFailsKeepsNoOtherFromHearing() {
    var heard = new ArrayList<String>();
    SharedCache.Listener<ApiKey> last =
        (before, now) -> heard.add(Objects.requireNonNull(now).getMetadata().getName());
    List<SharedCache.Listener<ApiKey>> listeners = List.of(failing("one"), failing("two"), last);
    assertThatThrownBy(() -> SharedCache.deliver(listeners, null, key(1, Map.of())))
        .hasMessage("one")
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .singleElement()
                .hasToString("java.lang.IllegalStateException: two"));
    assertThat(heard).containsExactly("k1");
  }

  private static SharedCache.Listener<ApiKey> failing(String message) {
    return (_, _) -> {
      throw new IllegalStateException(message);
    };
  }
}
