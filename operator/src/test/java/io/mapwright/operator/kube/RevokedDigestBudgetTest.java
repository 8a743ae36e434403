package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.NamespacedName;
import org.junit.jupiter.api.Test;

class RevokedDigestBudgetTest {
  private static final int EACH = 2_000;

  private final RevokedDigestBudget budget = new RevokedDigestBudget();

  private int fill(String namespace) {
    var taken = 0;
    while (budget.take(new NamespacedName(namespace, "k" + taken), 0, EACH)) {
      taken++;
    }
    return taken;
  }

  @Test
  void namespaceLeavesRoomToOthersAndAllHaveAnEnd() {
    assertThat(fill("a")).isEqualTo(RevokedDigestBudget.NAMESPACE / EACH);
    assertThat(fill("b")).isEqualTo(RevokedDigestBudget.NAMESPACE / EACH);
    assertThat(fill("c")).isZero();
    budget.release(new NamespacedName("a", "k0"));
    assertThat(fill("c")).isEqualTo(1);
  }

  @Test
  void whatAStatusHasIsKeptAndCountsOnce() {
    fill("a");
    var key = new NamespacedName("a", "k0");
    assertThat(budget.take(key, EACH, 0)).as("moved into the status").isTrue();
    assertThat(budget.take(new NamespacedName("a", "own"), 5, 0)).isTrue();
    assertThat(budget.take(key, 0, EACH)).as("there are five more by now").isFalse();
  }
}
