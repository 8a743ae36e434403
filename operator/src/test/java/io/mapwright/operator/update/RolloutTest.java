package io.mapwright.operator.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mapwright.operator.cause.Explanation;
import io.mapwright.operator.model.Given;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutTest {

  private static Deployment deployment(String image, int updated, int available, int all) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withGeneration(4L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage(image)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(4L)
        .withUpdatedReplicas(updated)
        .withAvailableReplicas(available)
        .withReplicas(all)
        .endStatus()
        .build();
  }

  private static Pod pod(String image, ContainerStatus status) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("tiles-1")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage(image)
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withContainerStatuses(status)
        .endStatus()
        .build();
  }

  private static ContainerStatusBuilder server() {
    return new ContainerStatusBuilder().withName("server");
  }

  private static Rollout of(Deployment deployment, Pod... pods) {
    return Rollout.of(
        "maps:2",
        "server",
        Optional.of(deployment),
        List.of(pods),
        new Explanation(Given.input(Given.SMALLEST)));
  }

  @Test
  void completeMeansThatEveryPodRunsTheImageAndNoOtherIsLeft() {
    assertThat(of(deployment("maps:2", 2, 2, 2)).complete()).isTrue();
    assertThat(of(deployment("maps:2", 2, 1, 2)).complete()).isFalse();
    assertThat(of(deployment("maps:2", 1, 2, 2)).complete()).isFalse();
    assertThat(of(deployment("maps:2", 2, 2, 3)).complete()).isFalse();
    assertThat(of(deployment("maps:1", 2, 2, 2)).complete()).isFalse();
  }

  @Test
  void statusOfAnEarlierGenerationProvesNothing() {
    var stale = deployment("maps:2", 2, 2, 2);
    stale.getMetadata().setGeneration(5L);
    assertThat(of(stale).complete()).isFalse();
  }

  @Test
  void imageThatCanNotBePulledIsAFailure() {
    var waiting =
        server()
            .withNewState()
            .withNewWaiting("no such image", "ImagePullBackOff")
            .endState()
            .build();
    assertThat(of(deployment("maps:2", 1, 2, 3), pod("maps:2", waiting)).failure())
        .hasValueSatisfying(why ->
            assertThat(why).startsWith("pod tiles-1: ").contains("maps:2 can not be pulled"));
    assertThat(of(deployment("maps:2", 1, 2, 3), pod("maps:1", waiting)).failure()).isEmpty();
  }

  @Test
  void thirdCrashIsAFailureAndTheSecondIsNot() {
    var crashed =
        server()
            .withReady(false)
            .withRestartCount(3)
            .withNewLastState()
            .withNewTerminated()
            .withExitCode(7)
            .endTerminated()
            .endLastState();
    assertThat(of(deployment("maps:2", 1, 2, 3), pod("maps:2", crashed.build())).failure())
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("pod tiles-1: ").contains("ends with exit code 7"));
    assertThat(
            of(deployment("maps:2", 1, 2, 3), pod("maps:2", crashed.withRestartCount(2).build()))
                .failure())
        .isEmpty();
    assertThat(
            of(
                    deployment("maps:2", 1, 2, 3),
                    pod("maps:2", crashed.withRestartCount(9).withReady(true).build()))
                .failure())
        .isEmpty();
  }
}
