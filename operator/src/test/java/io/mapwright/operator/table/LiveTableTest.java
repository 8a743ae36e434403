package io.mapwright.operator.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveTableTest {

  private static final TableMaps MAPS = new TableMaps("/meta", List.of("/origins", "/keys"));

  private final LiveTable table = new LiveTable(MAPS, "id", 3, () -> 0);

  @Test
  void nothingNewIsNoNewGeneration() {
    var first = table.put("/keys", "k", "v");

    assertThat(table.put("/keys", "k", "v")).isEqualTo(first);
    assertThat(table.remove("/keys", "never")).isEqualTo(1);
    assertThat(table.generation()).isEqualTo(first).isEqualTo(2);
  }

  @Test
  void readerGetsWhatItLacksOnceAndInOrder() {
    table.put("/keys", "a", "1");
    var position = table.put("/keys", "b", "1");
    table.put("/keys", "a", "2");
    table.put("/keys", "c", "1");
    table.put("/keys", "a", "3");
    table.remove("/keys", "b");
    table.put("/origins", "o", "1");

    var delta = table.since(position).orElseThrow();

    assertThat(delta.changes().stream().map(LiveTable.Dated::change))
        .containsExactly(
            Change.put("/origins", "o", "1"),
            Change.put("/keys", "c", "1"),
            Change.put("/keys", "a", "3"),
            Change.remove("/keys", "b"));
    assertThat(delta.sizes()).containsEntry("/keys", 2).containsEntry("/origins", 1);
    assertThat(delta.generation()).isEqualTo(table.generation());
    assertThat(table.since(table.generation()).orElseThrow().changes()).isEmpty();
  }

  @Test
  void batchIsOneGeneration() {
    var generation =
        table.apply(List.of(Change.put("/keys", "a", "1"), Change.put("/keys", "b", "1")));

    assertThat(generation).isEqualTo(2);
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void readerBehindForgottenRemovalsHasToCopyEverything() {
    var position = table.put("/keys", "z", "1");
    for (int i = 0; i < 10; i++) {
      table.put("/keys", "k" + i, "1");
      table.remove("/keys", "k" + i);
    }

    assertThat(table.since(position)).isEqualTo(Optional.empty());
    assertThat(table.since(table.generation())).isPresent();
    assertThat(table.remove("/keys", "k0")).isGreaterThan(position);
    assertThat(table.snapshot().content())
        .containsEntry("/keys", List.of(Change.put("/keys", "z", "1")));
  }

  @Test
  void removedAndPutAgainIsThere() {
    for (int i = 0; i < 10; i++) {
      table.put("/keys", "k", "1");
      table.remove("/keys", "k");
    }
    table.put("/keys", "k", "2");

    assertThat(table.size()).isEqualTo(1);
    assertThat(table.snapshot().sizes()).containsEntry("/keys", 1);
  }

  @Test
  void positionOfAnotherTableIsNoPosition() {
    assertThat(table.since(0)).isEmpty();
    assertThat(table.since(99)).isEmpty();
  }

  @Test
  void watchersHearOfChangesOnly() {
    var woken = new AtomicInteger();
    table.watch(woken::incrementAndGet);

    table.put("/keys", "k", "v");
    table.put("/keys", "k", "v");

    assertThat(woken).hasValue(1);
  }

  @Test
  void unknownMapAndUnsafeTextAreRefusedBeforeAnythingIsStored() {
    assertThatIllegalArgumentException().isThrownBy(() -> table.put("/other", "k", "v"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.put("/keys", "k", "secret;del map"))
        .withMessageNotContaining("secret");
    assertThat(table.generation()).isEqualTo(1);
  }
}
