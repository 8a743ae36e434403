package io.mapwright.operator.reconcile;

import static io.mapwright.operator.reconcile.Cluster.condition;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.ServerPod;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Why a map server does not run, from a pod and its Events on a real API server. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CauseIT {
  private final Cluster cluster;
  private final MapwrightOperator operator;

  CauseIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("causes"));
    operator = Cluster.operator(server.client(), cluster.namespace);
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  private Pod pod(String instance, String status) {
    cluster.certificate("own", instance + ".example.com");
    cluster.instance(
        instance,
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(instance));
    cluster.until("it is applied", Deployment.class, instance, _ -> true);
    var pod =
        cluster
            .client
            .resource(
                ServerPod.of(cluster.namespace, instance, instance + "-1")
                    .editSpec()
                    .withNodeName("one")
                    .endSpec()
                    .build())
            .create();
    pod.setStatus(Serialization.unmarshal(status, PodStatus.class));
    return cluster.client.resource(pod).updateStatus();
  }

  private static String waiting(String why) {
    return """
    phase: Pending
    containerStatuses:
      - {name: server, image: "maps:1", imageID: "", ready: false, restartCount: 0, state: {waiting: %s}}
    """
        .formatted(why);
  }

  @Test
  void whatAnEventOfThePodSaysIsToldAndThenNothingIsWritten() throws InterruptedException {
    var pod = pod("mount", waiting("{reason: ContainerCreating}"));
    cluster
        .client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withGenerateName("mount-1.")
                .withNamespace(cluster.namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withNamespace(cluster.namespace)
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withReason("FailedMount")
                .withType("Warning")
                .withMessage(
                    "MountVolume.SetUp failed for volume \"gateway-tls\" : secret \"own\" not found")
                .build())
        .create();
    var told = cluster.untilInstance("mount", ConditionType.ServerAvailable, "ReferenceMissing");
    assertThat(condition(told, ConditionType.ServerAvailable).getMessage())
        .contains("tls.secretName: Secret own does not exist");
    assertThat(condition(told, ConditionType.Ready).getReason()).isEqualTo("ReferenceMissing");
    var settled = cluster.settled(Duration.ofSeconds(3));
    Thread.sleep(Duration.ofSeconds(15));
    assertThat(cluster.versions()).isEqualTo(settled);
  }

  @Test
  void tryThatIsCalledAnotherNameIsNoOtherCause() {
    var pod = pod("pull", waiting("{reason: ErrImagePull, message: no such host}"));
    var first = cluster.untilInstance("pull", ConditionType.ServerAvailable, "ImageNotPulled");
    pod.setStatus(
        Serialization.unmarshal(
            waiting(
                "{reason: ImagePullBackOff, message: 'Back-off pulling image \"maps:1\": ErrImagePull: no such host'}"),
            PodStatus.class));
    pod.getMetadata().setResourceVersion(null);
    cluster.client.resource(pod).updateStatus();
    // What is decided on the kubelet's word is another thing: the image has failed now.
    var then = cluster.untilInstance("pull", ConditionType.Updated, "UpdateFailed");
    assertThat(condition(then, ConditionType.ServerAvailable))
        .isEqualTo(condition(first, ConditionType.ServerAvailable));
  }
}
