package io.mapwright.operator.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.NamespacedName;
import org.junit.jupiter.api.Test;

class EnforcementWaitersTest {
  private static final NamespacedName TILES = new NamespacedName("maps", "tiles");
  private static final NamespacedName A = new NamespacedName("maps", "a");
  private static final NamespacedName B = new NamespacedName("maps", "b");

  private final EnforcementWaiters waiting = new EnforcementWaiters();

  @Test
  void keysAreWokenOnceAndInOrder() {
    waiting.add(TILES, A, 3);
    waiting.add(TILES, B, 5);
    assertThat(waiting.reached(TILES, 2)).isEmpty();
    assertThat(waiting.reached(TILES, 3)).containsExactly(A);
    assertThat(waiting.reached(TILES, 4)).isEmpty();
    assertThat(waiting.reached(TILES, Long.MAX_VALUE)).containsExactly(B);
    assertThat(waiting.reached(TILES, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void instancesDoNotWakeEachOthersKeys() {
    waiting.add(TILES, A, 1);
    assertThat(waiting.reached(new NamespacedName("other", "tiles"), 9)).isEmpty();
    assertThat(waiting.reached(TILES, 9)).containsExactly(A);
  }

  @Test
  void keyThatNeedNotWaitIsNotWoken() {
    waiting.add(TILES, A, 1);
    waiting.add(TILES, B, 1);
    waiting.remove(TILES, A, 1);
    waiting.remove(TILES, A, 7);
    assertThat(waiting.reached(TILES, 9)).containsExactly(B);
  }
}
