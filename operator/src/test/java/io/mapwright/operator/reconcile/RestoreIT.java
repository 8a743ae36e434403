package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Restores and drills; the test says what the controllers and the kubelet would say. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreIT {
  private final Cluster cluster;
  private final StandInJobs jobs;
  private final MapwrightOperator operator;

  RestoreIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("restores"));
    jobs = new StandInJobs(cluster);
    operator = Cluster.operator(server.client(), cluster.namespace);
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  private void restored(String name) {
    cluster.backedUp(name, "restore: {id: once}");
  }

  private MapwrightInstance untilPhase(String name, RestorePhase phase) {
    return cluster.until(
        "restore is " + phase,
        MapwrightInstance.class,
        name,
        now ->
            now.getStatus() != null
                && now.getStatus().restore() != null
                && now.getStatus().restore().phase() == phase);
  }

  /** What the page "Recovery" does with the file that each backup holds. */
  @Test
  void manifestThatABackupHoldsMakesTheInstanceAgain() {
    restored("lost");
    var instances =
        cluster.client.resources(MapwrightInstance.class).inNamespace(cluster.namespace);
    var files = cluster.until("it is made", ConfigMap.class, "lost-backup", _ -> true);
    var manifest = files.getData().getOrDefault("instance.json", "");
    var spec = instances.withName("lost").get().getSpec();
    instances.withName("lost").delete();
    await().until(() -> instances.withName("lost").get() == null);

    var serialization = cluster.client.getKubernetesSerialization();
    cluster.client.resource(serialization.unmarshal(manifest, MapwrightInstance.class)).create();
    var made = instances.withName("lost").get();
    assertThat(made.getSpec().restore()).as("nothing is restored unasked").isNull();
    assertThat(made.getSpec().backup()).isEqualTo(spec.backup());
    assertThat(made.getSpec().server()).isEqualTo(spec.server());
    assertThat(made.getSpec().hosts()).isEqualTo(spec.hosts());
  }

  @Test
  void whatFilledAVolumeIsKnownToTheNextLifeOfTheInstance() {
    restored("again");
    var job = cluster.until("it is made", Job.class, Names.restore("again", "once"), _ -> true);
    jobs.succeeded(jobs.pod(job, "real").build(), "restic", "stage=done\nexit=0\nlog:\n");
    jobs.complete(cluster.get(Job.class, job.getMetadata().getName()));
    untilPhase("again", RestorePhase.Starting);
    var claim = cluster.until("it is there", PersistentVolumeClaim.class, "again-data", _ -> true);
    var record = cluster.until("it is written", ConfigMap.class, "again-restored", _ -> true);
    assertThat(record.getData())
        .containsEntry("restore", "once")
        .containsEntry("claim", claim.getMetadata().getUid());

    var instances =
        cluster.client.resources(MapwrightInstance.class).inNamespace(cluster.namespace);
    instances.withName("again").delete();
    await().until(() -> instances.withName("again").get() == null);
    restored("again");
    var next = untilPhase("again", RestorePhase.Done);
    assertThat(next.getStatus().restore().message()).contains("later changes were kept");
  }

  /** Anyone who may make pods can give one the labels of the Job's, which counts it then. */
  @Test
  void restoreWaitsForThePodOfItsOwnJob() {
    restored("forged");
    var job = cluster.until("it is made", Job.class, Names.restore("forged", "once"), _ -> true);
    var forged = jobs.pod(job, "forged").editSpec().editFirstContainer();
    jobs.succeeded(
        forged.withCommand("true").endContainer().endSpec().build(),
        "restic",
        "stage=done\nexit=0\nlog:\n");
    jobs.complete(cluster.get(Job.class, job.getMetadata().getName()));
    cluster.settled(Duration.ofSeconds(3));
    assertThat(untilPhase("forged", RestorePhase.Filling).getStatus().restore().finishedAt())
        .isNull();
    jobs.succeeded(jobs.pod(job, "real").build(), "restic", "stage=done\nexit=0\nlog:\n");
    untilPhase("forged", RestorePhase.Starting);
  }

  @Test
  void imageIsProvenByPodsThatRunItAndNotByARestoreInWhichNoneDoes() {
    restored("unproven");
    var job = cluster.until("it is made", Job.class, Names.restore("unproven", "once"), _ -> true);
    cluster.podsRun("unproven", 0);
    var stopped =
        cluster.until(
            "it is reported that no pod runs",
            MapwrightInstance.class,
            "unproven",
            now -> now.getStatus().update() != null && now.getStatus().update().phase() != null);
    assertThat(stopped.getStatus().update().phase()).isEqualTo(UpdatePhase.Stopped);
    assertThat(stopped.getStatus().update().provenImage()).isNull();

    jobs.succeeded(jobs.pod(job, "real").build(), "restic", "stage=done\nexit=0\nlog:\n");
    jobs.complete(cluster.get(Job.class, job.getMetadata().getName()));
    untilPhase("unproven", RestorePhase.Starting);
    cluster.until(
        "a pod is asked for",
        Deployment.class,
        "unproven",
        now -> Integer.valueOf(1).equals(now.getSpec().getReplicas()));
    var digest = "sha256:" + "5e".repeat(32);
    cluster.serverRuns("unproven", "docker.io/library/maps@" + digest);
    cluster.podsRun("unproven", 1);
    var proven =
        cluster.until(
            "it is proven",
            MapwrightInstance.class,
            "unproven",
            now -> now.getStatus().update().phase() == UpdatePhase.Current);
    assertThat(proven.getStatus().update().provenImage()).isEqualTo("maps:1");
    assertThat(proven.getStatus().effective().serverDigests()).containsExactly(digest);
  }

  @Test
  void aDrillReachesTheRepositoryUntilItHasReadIt() {
    cluster.certificate("drilled-own-tls", "drilled.example.com");
    cluster.instance(
        "drilled",
        """
        hosts: [drilled.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}}
        tls: {secretName: drilled-own-tls}
        backup: {schedule: "0 3 * * *", drill: {schedule: "0 4 * * 0"}, repository: {rest: {url: "https://backup.example.com/"}}}
        """);
    var policy = cluster.until("it is made", NetworkPolicy.class, "drilled-drill", _ -> true);
    assertThat(policy.getSpec().getEgress()).isEmpty();
    assertThat(cluster.exists(NetworkPolicy.class, "drilled-drill-fetch")).isFalse();

    var pod = cluster.client.resource(drillPod()).create();
    var way = cluster.until("it is open", NetworkPolicy.class, "drilled-drill-fetch", _ -> true);
    assertThat(way.getSpec().getPodSelector().getMatchExpressions())
        .singleElement()
        .satisfies(only -> assertThat(only.getValues()).containsExactly("drill-by-hand"));

    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Pending")
            .withInitContainerStatuses(
                new ContainerStatusBuilder()
                    .withName("restic")
                    .withImage("restic:1")
                    .withImageID("")
                    .withReady(true)
                    .withRestartCount(0)
                    .withNewState()
                    .withNewTerminated()
                    .withExitCode(0)
                    .endTerminated()
                    .endState()
                    .build())
            .build());
    cluster.client.resource(pod).updateStatus();
    await("the way is closed")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cluster.exists(NetworkPolicy.class, "drilled-drill-fetch"));
  }

  private Pod drillPod() {
    var labels = new HashMap<>(Labels.of("drilled"));
    labels.putAll(Labels.pods("drilled", Component.DRILL));
    labels.put(Labels.TASK, Task.DRILL.label());
    labels.put("batch.kubernetes.io/job-name", "drill-by-hand");
    return new PodBuilder()
        .withNewMetadata()
        .withName("drill-by-hand-abcde")
        .withNamespace(cluster.namespace)
        .withLabels(labels)
        .withAnnotations(Map.of(Labels.OWNER, "drilled"))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .addNewInitContainer()
        .withName("restic")
        .withImage("restic:1")
        .endInitContainer()
        .addNewContainer()
        .withName("probe")
        .withImage("restic:1")
        .endContainer()
        .endSpec()
        .build();
  }
}
