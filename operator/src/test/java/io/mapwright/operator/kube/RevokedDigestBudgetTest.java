package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.junit.jupiter.api.Test;

class RevokedDigestBudgetTest {
  private static final int EACH = 2_000;

  private final RevokedDigestBudget budget = new RevokedDigestBudget();

  private int fill(String namespace) {
    var taken = 0;
    while (budget.take(new ResourceID("k" + taken, namespace), 0, EACH)) {
      taken++;
    }
    return taken;
  }

  @Test
  void namespaceLeavesRoomToOthersAndAllHaveAnEnd() {
    assertThat(fill("a")).isEqualTo(RevokedDigestBudget.NAMESPACE / EACH);
    assertThat(fill("b")).isEqualTo(RevokedDigestBudget.NAMESPACE / EACH);
    assertThat(fill("c")).isZero();
    budget.release(new ResourceID("k0", "a"));
    assertThat(fill("c")).isEqualTo(1);
  }

  @Test
  void whatAStatusHasIsKeptAndCountsOnce() {
    fill("a");
    var key = new ResourceID("k0", "a");
    assertThat(budget.take(key, EACH, 0)).as("moved into the status").isTrue();
    assertThat(budget.take(new ResourceID("own", "a"), 5, 0)).isTrue();
    assertThat(budget.take(key, 0, EACH)).as("there are five more by now").isFalse();
  }
}
