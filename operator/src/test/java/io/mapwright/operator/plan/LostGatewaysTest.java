package io.mapwright.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ReplicaState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostGatewaysTest {
  private static final List<Pod> PODS = List.of(pod("a"), pod("b"));

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid("uid-" + name)
        .endMetadata()
        .build();
  }

  private static ReplicaState state(String name, boolean connected) {
    return new ReplicaState(
        "uid-" + name, name, connected, 7, true, null, Given.NOW, null, List.of());
  }

  @Test
  void answersCountWhereEveryGatewayIsHeld() {
    assertThat(
            LostGateways.lost(PODS, Map.of("uid-a", state("a", true), "uid-b", state("b", true))))
        .isEmpty();
  }

  @Test
  void aPodWhoseGatewayIsSilentOrUnknownVouchesForNothing() {
    assertThat(
            LostGateways.lost(PODS, Map.of("uid-a", state("a", true), "uid-b", state("b", false))))
        .contains("the gateway of pod b does not answer the operator");
    assertThat(LostGateways.lost(PODS, Map.of("uid-b", state("b", true))))
        .contains("the gateway of pod a does not answer the operator");
  }
}
