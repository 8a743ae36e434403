package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Driven tick by tick: a round of few items has 90 of them. */
class RoundRobinPollerTest {
  private static final int ROUND = 90;

  private final List<String> items = new ArrayList<>(List.of("a", "b", "c"));
  private final List<String> polled = new ArrayList<>();

  private RoundRobinPoller<String> poller(double perSecond) {
    var pace = new RoundRobinPoller.Pace(Duration.ofSeconds(45), perSecond);
    return new RoundRobinPoller<>("test", pace, () -> items, polled::add);
  }

  @Test
  void aRoundPollsEachItemOnce() {
    try (var poller = poller(20)) {
      ticks(poller, ROUND + 1);
      assertThat(polled).containsExactly("a", "b", "c");
    }
  }

  @Test
  void anItemThatIsAddedIsPolledWithinOneRoundWheneverItComes() {
    for (int after = 0; after <= ROUND; after++) {
      polled.clear();
      items.remove("new");
      try (var poller = poller(20)) {
        ticks(poller, after);
        items.add("new");
        poller.add("new");
        ticks(poller, ROUND + 2);
        assertThat(polled).as("added after %d ticks", after).contains("new");
      }
    }
  }

  @Test
  void manyItemsArePolledAtTheMaximumRate() {
    items.clear();
    for (int i = 0; i < 1000; i++) {
      items.add("item" + i);
    }
    try (var poller = poller(2)) {
      ticks(poller, ROUND);
      assertThat(polled).hasSizeBetween(89, 90);
    }
  }

  private static void ticks(RoundRobinPoller<String> poller, int number) {
    for (int i = 0; i < number; i++) {
      poller.tick();
    }
  }
}
