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

  /** Begun by its node from that image, as the runtime calls it. */
  private static ContainerStatus started(String imageId) {
    return server()
        .withImageID(imageId)
        .withNewState()
        .withNewRunning()
        .endRunning()
        .endState()
        .build();
  }

  private static final Pod RUNS = pod("maps:2", started("docker.io/maps@sha256:" + "2".repeat(64)));

  @Test
  void completeMeansThatEveryPodRunsTheImageAndNoOtherIsLeft() {
    assertThat(of(deployment("maps:2", 2, 2, 2), RUNS, RUNS).complete()).isTrue();
    assertThat(of(deployment("maps:2", 2, 1, 2), RUNS, RUNS).complete()).isFalse();
    assertThat(of(deployment("maps:2", 1, 2, 2), RUNS, RUNS).complete()).isFalse();
    assertThat(of(deployment("maps:2", 2, 2, 3), RUNS, RUNS).complete()).isFalse();
    assertThat(of(deployment("maps:1", 2, 2, 2), RUNS, RUNS).complete()).isFalse();
  }

  @Test
  void deploymentThatIsStoppedProvesNothing() {
    var stopped = deployment("maps:2", 0, 0, 0);
    stopped.getSpec().setReplicas(0);
    assertThat(of(stopped).complete()).isFalse();
    assertThat(of(stopped, RUNS).complete()).isFalse();
  }

  @Test
  void onlyPodsOfWhichANodeSaysThatTheyRunProveAnything() {
    var two = deployment("maps:2", 2, 2, 2);
    assertThat(of(two, RUNS).complete()).isFalse();
    assertThat(of(two, RUNS, pod("maps:2", server().build())).complete()).isFalse();
    assertThat(of(two, RUNS, pod("maps:2", started(""))).complete()).isFalse();
    assertThat(of(two, RUNS, leaving()).complete()).isFalse();
    // Given another name by anyone who admits pods.
    assertThat(of(two, RUNS, pod("mirror.example.com/maps:2", started("sha256:0"))).complete())
        .isTrue();
  }

  private static Pod leaving() {
    return RUNS.edit()
        .editMetadata()
        .withDeletionTimestamp("2027-03-01T00:00:00Z")
        .endMetadata()
        .build();
  }

  @Test
  void digestsAreThoseOfWhatRuns() {
    var other = pod("maps:2", started("sha256:" + "1".repeat(64)));
    var odd = pod("maps:2", started("sha256:not-a-digest"));
    assertThat(RunningContainer.digests("server", List.of(RUNS, other, RUNS, odd, leaving())))
        .containsExactly("sha256:" + "1".repeat(64), "sha256:" + "2".repeat(64));
    assertThat(RunningContainer.digests("gateway", List.of(RUNS))).isEmpty();
  }

  @Test
  void statusOfAnEarlierGenerationProvesNothing() {
    var stale = deployment("maps:2", 2, 2, 2);
    stale.getMetadata().setGeneration(5L);
    assertThat(of(stale, RUNS, RUNS).complete()).isFalse();
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
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("pod tiles-1: ").contains("maps:2 cannot be pulled"));
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
            why -> assertThat(why).startsWith("pod tiles-1: ").contains("exits with code 7"));
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
