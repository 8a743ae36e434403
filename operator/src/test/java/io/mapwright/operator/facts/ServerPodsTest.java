package io.mapwright.operator.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerPodsTest {
  private static Pod pod(String address, boolean started, boolean terminating) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("tiles-" + address)
            .endMetadata()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(address)
            .addNewInitContainerStatus()
            .withStarted(started)
            .withNewState()
            .withNewRunning()
            .endRunning()
            .endState()
            .endInitContainerStatus()
            .endStatus()
            .build();
    if (terminating) {
      pod.getMetadata().setDeletionTimestamp("2027-03-01T12:00:00Z");
    }
    return pod;
  }

  @Test
  void gatewaysThatTakeConnectionsLend() {
    var pods =
        new ServerPods(
            List.of(
                pod("10.0.0.1", true, false),
                pod("10.0.0.2", false, false),
                pod("10.0.0.3", true, true)));
    assertThat(pods.lenders()).containsExactly("10.0.0.1");
    // Each may still admit something, or will soon.
    assertThat(pods.sharing()).isEqualTo(3);
  }
}
