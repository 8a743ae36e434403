package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.KeyRestorer;
import io.mapwright.operator.kube.RawServer;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.recovery.PodLog;
import io.mapwright.operator.status.ConditionType;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A restore whose keys come from a node that gives what the test says; the rest is real. */
@ExtendWith(ApiServer.class)
class RestoreKeysIT {
  private final AtomicReference<String> log = new AtomicReference<>("");
  private final Set<String> read = ConcurrentHashMap.newKeySet();
  private final RawServer node;
  private final KubernetesClient client;
  private final Cluster cluster;
  private final StandInJobs jobs;

  RestoreKeysIT(ApiServer.Running server) throws IOException {
    node =
        new RawServer((_, out) -> {
          RawServer.head(out, 200);
          RawServer.send(out, log.get());
        });
    client =
        server.client(
            new Interceptor() {
              @Override
              public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.uri().getPath().endsWith("/log")) {
                  read.add(request.uri().getPath());
                  builder.uri(URI.create("http://127.0.0.1:" + node.port() + "/log"));
                }
              }
            });
    cluster = new Cluster(server.admin(), server.namespace("restored"));
    jobs = new StandInJobs(cluster);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  /** It ended the operator, and the phase in the status did so again after each start. */
  @Test
  void bombInALogEndsTheRestoreAndNothingElse() {
    log.set(PodLog.of(PodLog.zipped("x".repeat(1 << 20), 260)));
    try (var _ = Cluster.operator(client, cluster.namespace)) {
      restore("tiles");
      var failed = ended("tiles", RestorePhase.Failed);
      var condition = Cluster.condition(failed, ConditionType.Restored);
      assertThat(condition.getReason()).isEqualTo("RestoreFailed");
      assertThat(condition.getMessage())
          .contains("line of more than")
          .contains("set another restore.id");
      assertThat(read)
          .as("what a forged pod prints is no key")
          .singleElement()
          .asString()
          .endsWith("-real/log");
      cluster.key("works", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
      cluster.until(
          "the operator works",
          ApiKey.class,
          "works",
          key ->
              key.getStatus() != null
                  && List.of(KeyState.Active, KeyState.Pending).contains(key.getStatus().state()));
    }
    var looks = node.requests();
    try (var _ = Cluster.operator(client, cluster.namespace)) {
      cluster.patch(
          MapwrightInstance.class, "tiles", "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
      cluster.settled(java.time.Duration.ofSeconds(3));
      assertThat(phase(cluster.get(MapwrightInstance.class, "tiles")))
          .contains(RestorePhase.Failed);
      assertThat(node.requests()).as("it is not started again").isEqualTo(looks);
    }
  }

  private void restore(String name) {
    cluster.key(
        "allows", "instanceRef: {name: %s}\nscopes: [tiles]\nrevoked: true\n".formatted(name));
    cluster.backedUp(name, "restore: {id: once, keys: Recreate}");
    var refused = cluster.untilInstance(name, ConditionType.Accepted, "RestoreNotAllowed");
    var consent =
        Cluster.condition(refused, ConditionType.Accepted)
            .getMessage()
            .replaceFirst("(?s).*mapwright.io/restore-keys=([^,]+),.*", "$1");
    cluster.patch(
        ApiKey.class,
        "allows",
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(Labels.RESTORE_KEYS, consent));
    cluster.patch(MapwrightInstance.class, name, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    var job = cluster.until("the Job", Job.class, Names.restore(name, "once"), _ -> true);
    succeeded(jobs.pod(job, "real").build());
    // Somebody's own, which comes last, by name if in the same second, and has all that can be
    // copied but the work.
    var forged = jobs.pod(job, "zforged").editSpec().editFirstContainer();
    succeeded(forged.withCommand("cat", "/mine/keys").endContainer().endSpec().build());
    jobs.complete(cluster.get(Job.class, job.getMetadata().getName()));
  }

  private void succeeded(Pod pod) {
    jobs.succeeded(pod, KeyRestorer.CONTAINER, "stage=done\nexit=0\nsnapshot=1a2b3c4d\nlog:\n");
  }

  private MapwrightInstance ended(String name, RestorePhase phase) {
    return cluster.until(
        "the restore is " + phase,
        MapwrightInstance.class,
        name,
        now -> phase(now).filter(phase::equals).isPresent());
  }

  private static Optional<RestorePhase> phase(MapwrightInstance instance) {
    return Optional.ofNullable(instance.getStatus())
        .map(MapwrightInstanceStatus::restore)
        .map(RestoreStatus::phase);
  }
}
