package io.mapwright.operator.reconcile;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.mapwright.operator.kube.Kubelet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** Does for Jobs what a controller manager and a kubelet do. */
record StandInJobs(Cluster cluster) {
  /** The pod that the Job's template makes, not stored yet. */
  PodBuilder pod(Job job, String suffix) {
    return new PodBuilder()
        .withMetadata(job.getSpec().getTemplate().getMetadata())
        .editMetadata()
        .withName(job.getMetadata().getName() + "-" + suffix)
        .withNamespace(cluster.namespace)
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(job.getSpec().getTemplate().getSpec());
  }

  /** Stores a pod and has it end well; the last words are those of one of its containers. */
  void succeeded(Pod made, String container, String lastWords) {
    var pod = cluster.client.resource(made).create();
    cluster.client.resource(Kubelet.succeeded(pod, container, lastWords)).updateStatus();
    await("pod " + pod.getMetadata().getName() + " succeeded")
        .atMost(Cluster.PATIENCE)
        .until(() ->
            "Succeeded"
                .equals(
                    cluster.get(Pod.class, pod.getMetadata().getName()).getStatus().getPhase()));
  }

  void complete(Job job) {
    ended(job, "SuccessCriteriaMet", "Complete");
  }

  void failed(Job job) {
    ended(job, "FailureTarget", "Failed");
  }

  private void ended(Job job, String before, String condition) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    var complete = condition.equals("Complete");
    job.setStatus(
        new JobStatusBuilder()
            .withStartTime(now)
            .withCompletionTime(complete ? now : null)
            .withSucceeded(complete ? 1 : null)
            .withFailed(complete ? null : 1)
            .withConditions(
                Stream.of(before, condition)
                    .map(type ->
                        new JobConditionBuilder()
                            .withType(type)
                            .withStatus("True")
                            .withReason("Test")
                            .withMessage("as the test says")
                            .withLastTransitionTime(now)
                            .build())
                    .toList())
            .build());
    cluster.client.resource(job).updateStatus();
  }
}
