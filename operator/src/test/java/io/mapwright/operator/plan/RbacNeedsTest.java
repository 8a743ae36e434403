package io.mapwright.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RbacNeedsTest {
  @Test
  void everyRowOfThePlanIsWantedByOneOfTheInputs() {
    assertThat(RbacNeeds.neverWanted()).isEmpty();
  }
}
