package io.mapwright.operator.reconcile;

import static io.mapwright.operator.reconcile.Cluster.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.FinalBackupFinalizer;
import io.mapwright.operator.kube.ServerPod;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deletions that wait for a final backup; the test says what the controllers would say. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinalBackupIT {
  private final Cluster cluster;
  private final StandInJobs jobs;
  private final Cluster closing;
  private final MapwrightOperator operator;

  FinalBackupIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("farewell"));
    jobs = new StandInJobs(cluster);
    closing = new Cluster(server.admin(), server.namespace("closing"));
    operator = Cluster.operator(server.client(), cluster.namespace, closing.namespace);
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  private static MapwrightInstance applied(Cluster in, String name, String onDeletion) {
    in.certificate(name + "-own-tls", name + ".example.com");
    in.instance(
        name,
        """
        hosts: [%1$s.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}}
        tls: {secretName: %1$s-own-tls}
        backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}, onDeletion: %2$s}
        deletionPolicy: Delete
        """
            .formatted(name, onDeletion));
    return in.until(
        "it is applied and held",
        MapwrightInstance.class,
        name,
        now ->
            FinalBackupFinalizer.isSet(now)
                && now.getStatus() != null
                && reason(now, ConditionType.Applied).equals("ObjectsApplied")
                && in.exists(PersistentVolumeClaim.class, name + "-data"));
  }

  private Job backup(MapwrightInstance instance) {
    var name = Names.finalBackup(instance.getMetadata().getName(), instance.getMetadata().getUid());
    return cluster.until("it is made", Job.class, name, _ -> true);
  }

  private Event event(String instance, String reason) {
    return await("Event " + reason + " about " + instance)
        .atMost(Cluster.PATIENCE)
        .until(
            () ->
                cluster
                    .client
                    .v1()
                    .events()
                    .inNamespace(cluster.namespace)
                    .list()
                    .getItems()
                    .stream()
                    .filter(e -> e.getInvolvedObject().getName().equals(instance))
                    .filter(e -> e.getReason().equals(reason))
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  private boolean owned(Class<? extends HasMetadata> kind, String name) {
    return !cluster.get(kind, name).getMetadata().getOwnerReferences().isEmpty();
  }

  @Test
  void onlyInstancesThatAskAreHeldAndOnlyWhileTheyAsk() {
    applied(cluster, "asks", "{}");
    cluster.patch(MapwrightInstance.class, "asks", "{\"spec\":{\"backup\":{\"onDeletion\":null}}}");
    cluster.until(
        "it is not held", MapwrightInstance.class, "asks", now -> !FinalBackupFinalizer.isSet(now));
    cluster.until(
        "the claim goes with it again",
        PersistentVolumeClaim.class,
        "asks-data",
        claim -> !claim.getMetadata().getOwnerReferences().isEmpty());
  }

  @Test
  void instanceGoesWithItsDataWhenItsLastBackupIsMade() {
    var instance = applied(cluster, "saved", "{}");
    assertThat(owned(PersistentVolumeClaim.class, "saved-data")).isFalse();
    serves("saved");
    cluster.delete(MapwrightInstance.class, "saved");
    cluster.until(
        "the server stops", Deployment.class, "saved", d -> d.getSpec().getReplicas() == 0);
    var waiting = cluster.untilInstance("saved", ConditionType.Ready, "FinalBackup");
    assertThat(Cluster.condition(waiting, ConditionType.FinalBackupMade).getMessage())
        .contains("the map server is still stopping");
    assertThat(jobsOf("saved")).isEmpty();

    stops("saved");
    var job = backup(instance);
    assertThat(job.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(1800);
    assertThat(cluster.exists(MapwrightInstance.class, "saved")).isTrue();
    jobs.complete(job);
    cluster.untilGone(MapwrightInstance.class, "saved");
    assertThat(event("saved", "FinalBackupMade").getType()).isEqualTo("Normal");
    assertThat(owned(PersistentVolumeClaim.class, "saved-data")).isTrue();
    await("no pod of a Job holds the volume")
        .atMost(Cluster.PATIENCE)
        .until(() -> jobsOf("saved").isEmpty());
  }

  private void serves(String name) {
    cluster.client.resource(ServerPod.of(cluster.namespace, name, name + "-pod").build()).create();
  }

  private void stops(String name) {
    cluster
        .client
        .pods()
        .inNamespace(cluster.namespace)
        .withName(name + "-pod")
        .withGracePeriod(0)
        .delete();
  }

  private List<Job> jobsOf(String instance) {
    return cluster
        .client
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace)
        .list()
        .getItems()
        .stream()
        .filter(job -> job.getMetadata().getName().startsWith(instance + "-final-"))
        .toList();
  }

  @Test
  void failureIsToldAndTheDataStays() {
    var instance = applied(cluster, "failed", "{}");
    cluster.delete(MapwrightInstance.class, "failed");
    jobs.failed(backup(instance));
    cluster.untilGone(MapwrightInstance.class, "failed");
    var event = event("failed", "FinalBackupMissing");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getMessage()).contains("as the test says", "failed-data stays");
    assertThat(owned(PersistentVolumeClaim.class, "failed-data")).isFalse();
    assertThat(jobsOf("failed")).hasSize(1);
  }

  @Test
  void deletionDoesNotWaitForLongerThanItsTime() {
    var instance = applied(cluster, "slow", "{timeout: 5s}");
    cluster.delete(MapwrightInstance.class, "slow");
    var _ = backup(instance);
    cluster.untilGone(MapwrightInstance.class, "slow");
    assertThat(event("slow", "FinalBackupMissing").getMessage()).contains("within 5 s");
    assertThat(owned(PersistentVolumeClaim.class, "slow-data")).isFalse();
    await("the backup is ended").atMost(Cluster.PATIENCE).until(() -> jobsOf("slow").isEmpty());
  }

  @Test
  void userWhoThinksBetterOfItGetsTheInstanceDeletedAtOnce() {
    var instance = applied(cluster, "better", "{}");
    cluster.delete(MapwrightInstance.class, "better");
    var _ = backup(instance);
    cluster.patch(
        MapwrightInstance.class, "better", "{\"spec\":{\"backup\":{\"onDeletion\":null}}}");
    cluster.untilGone(MapwrightInstance.class, "better");
  }

  @Test
  void collectorThatTakesTheObjectsFirstDoesNotTakeTheBackup() {
    var instance = applied(cluster, "front", "{}");
    cluster.key("front-key", "instanceRef: {name: front}\nscopes: [tiles]\n");
    await("the key is written down for backups")
        .atMost(Cluster.PATIENCE)
        .until(() -> keyring("front").size() == 1);
    cluster
        .client
        .resources(MapwrightInstance.class)
        .inNamespace(cluster.namespace)
        .withName("front")
        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
        .delete();
    var job = backup(instance);
    for (var kind : List.of(NetworkPolicy.class, ServiceAccount.class)) {
      cluster.until(
          "it belongs to nobody",
          kind,
          "front-backup",
          object -> object.getMetadata().getOwnerReferences().isEmpty());
    }
    assertThat(keyring("front"))
        .singleElement()
        .satisfies(secret -> assertThat(secret.getMetadata().getOwnerReferences()).isEmpty());
    jobs.complete(job);
    cluster.until(
        "it waits no longer",
        MapwrightInstance.class,
        "front",
        now -> !FinalBackupFinalizer.isSet(now));
    assertThat(owned(NetworkPolicy.class, "front-backup")).isTrue();
    assertThat(owned(PersistentVolumeClaim.class, "front-data")).isTrue();
    assertThat(keyring("front"))
        .singleElement()
        .satisfies(secret ->
            assertThat(secret.getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getUid)
                .containsExactly(instance.getMetadata().getUid()));
  }

  private List<Secret> keyring(String name) {
    return cluster.client.secrets().inNamespace(cluster.namespace).list().getItems().stream()
        .filter(secret -> secret.getMetadata().getName().startsWith(name + "-keyring-"))
        .toList();
  }

  @Test
  void namespaceThatIsDeletedIsNotHeldUp() {
    applied(closing, "with-all", "{timeout: 10m}");
    closing.client.namespaces().withName(closing.namespace).delete();
    closing.delete(MapwrightInstance.class, "with-all");
    await("it goes with its namespace")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !closing.exists(MapwrightInstance.class, "with-all"));
  }
}
