package io.mapwright.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RbacNeedsTest {
  @Test
  void everyRowOfThePlanIsWantedByOneOfTheInputs() {
    assertThat(RbacNeeds.neverWanted()).isEmpty();
  }
}
