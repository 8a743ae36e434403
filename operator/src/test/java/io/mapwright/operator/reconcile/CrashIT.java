package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.status.ConditionType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator that dies after any of its writes, and the one that comes after it. */
@ExtendWith(ApiServer.class)
class CrashIT {
  private final ApiServer.Running server;

  CrashIT(ApiServer.Running server) {
    this.server = server;
  }

  /** Lets some writes to keys and their Secrets through, and then none: the process is dead. */
  private static final class Death implements Interceptor {
    private final int writes;
    private final AtomicInteger seen = new AtomicInteger();

    Death(int writes) {
      this.writes = writes;
    }

    boolean came() {
      return seen.get() > writes;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      var path = request.uri().getPath();
      var write = !"GET".equals(request.method());
      var aboutKeys = path.contains("/apikeys/") || path.contains("/secrets");
      if (write && aboutKeys && seen.incrementAndGet() > writes) {
        throw new IllegalStateException("the operator is dead");
      }
    }
  }

  /** Remembers every key that was ever in a delivery Secret. */
  private static final class Witness implements AutoCloseable {
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<Secret> watch;

    Witness(KubernetesClient client, String namespace) {
      watch =
          client
              .secrets()
              .inNamespace(namespace)
              .withLabel("mapwright.io/api-key")
              .inform(
                  new ResourceEventHandler<Secret>() {
                    @Override
                    public void onAdd(Secret secret) {
                      see(secret);
                    }

                    @Override
                    public void onUpdate(Secret before, Secret now) {
                      see(now);
                    }

                    @Override
                    public void onDelete(Secret secret, boolean unknown) {}
                  });
    }

    private void see(Secret secret) {
      delivered.add(plain(secret));
    }

    @Override
    public void close() {
      watch.close();
    }
  }

  private static String plain(Secret secret) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get("key")), StandardCharsets.UTF_8);
  }

  private Cluster cluster() {
    var cluster = new Cluster(server.admin(), server.namespace("crash"));
    cluster.instance(
        "tiles",
        """
        hosts: [%s.example.com]
        server: {image: "maps:1"}
        tls: {secretName: own}
        """
            .formatted(cluster.namespace));
    return cluster;
  }

  @ParameterizedTest(name = "after {0} writes")
  @ValueSource(ints = {0, 1, 2, 3})
  void operatorThatDiesWhileItMakesAKeyDeliversOneAlone(int writes) throws InterruptedException {
    var cluster = cluster();
    // The instance's own Secrets are made first, so that only the key's writes are counted.
    try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
      cluster.until("it is made", Secret.class, "tiles-sessions", _ -> true);
    }
    try (var witness = new Witness(server.admin(), cluster.namespace)) {
      cluster.key("key", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
      dieAfter(writes, cluster);
      try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
        var status =
            cluster.untilKey("key", ConditionType.Delivered, "SecretDelivered").getStatus();
        assertThat(status.state()).isEqualTo(KeyState.Active);
        assertThat(status.next()).isNull();
        assertThat(status.current().sha256())
            .isEqualTo(digest(plain(cluster.get(Secret.class, "key-key"))));
        await("the witness has seen it")
            .atMost(Cluster.PATIENCE)
            .until(() -> !witness.delivered.isEmpty());
        assertThat(new TreeSet<>(witness.delivered)).as("keys that anybody could see").hasSize(1);
      }
    }
  }

  @ParameterizedTest(name = "after {0} writes")
  @ValueSource(ints = {0, 1, 2, 3})
  void operatorThatDiesWhileItRotatesMakesOneNewKeyAndCutsNoneThatWorks(int writes)
      throws InterruptedException {
    var cluster = cluster();
    cluster.key("key", "instanceRef: {name: tiles}\nscopes: [tiles]\nrotation: {trigger: a}\n");
    try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
      cluster.untilKey("key", ConditionType.Delivered, "SecretDelivered");
    }
    var first = cluster.get(ApiKey.class, "key").getStatus().current();
    try (var witness = new Witness(server.admin(), cluster.namespace)) {
      cluster.patch(ApiKey.class, "key", "{\"spec\":{\"rotation\":{\"trigger\":\"b\"}}}");
      dieAfter(writes, cluster);
      var between = cluster.get(ApiKey.class, "key").getStatus();
      assertThat(
              between.current().equals(first)
                  || (between.previous() != null
                      && first.sha256().equals(between.previous().sha256())))
          .as("the old key works at every moment")
          .isTrue();
      try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
        var now =
            cluster.until(
                "it is rotated",
                ApiKey.class,
                "key",
                key ->
                    key.getStatus().state() == KeyState.Rotating
                        && "b".equals(key.getStatus().observedTrigger()));
        assertThat(now.getStatus().previous().sha256()).isEqualTo(first.sha256());
        assertThat(now.getStatus().current().sha256())
            .isEqualTo(digest(plain(cluster.get(Secret.class, "key-key"))));
        await("the witness has seen it")
            .atMost(Cluster.PATIENCE)
            .until(() -> witness.delivered.size() > 1);
        assertThat(new TreeSet<>(witness.delivered)).as("keys that anybody could see").hasSize(2);
      }
    }
  }

  private void dieAfter(int writes, Cluster cluster) throws InterruptedException {
    var death = new Death(writes);
    try (var dying = server.client(death);
        var _ = Cluster.operator(dying, cluster.namespace)) {
      var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      // With enough writes allowed it is done, and death never comes.
      while (!death.came() && System.nanoTime() < deadline && !done(cluster)) {
        Thread.sleep(50);
      }
    }
  }

  private static boolean done(Cluster cluster) {
    var key = cluster.get(ApiKey.class, "key");
    var trigger = key.getSpec().rotation() == null ? null : key.getSpec().rotation().trigger();
    return key.getStatus() != null
        && key.getStatus().next() == null
        && key.getStatus().current() != null
        && java.util.Objects.equals(trigger, key.getStatus().observedTrigger());
  }

  private static String digest(String key) {
    return ApiKeyFormat.digest(key).toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest(name = "after {0} writes")
  @ValueSource(ints = {0, 1, 2})
  void operatorThatDiesBetweenTheSecretsOfAnInstanceMakesNoneTwice(int writes) {
    var cluster = new Cluster(server.admin(), server.namespace("crash"));
    cluster.instance(
        "tiles",
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(cluster.namespace));
    var death = new Death(writes);
    try (var dying = server.client(death);
        var _ = Cluster.operator(dying, cluster.namespace)) {
      await("it dies").atMost(Cluster.PATIENCE).until(() -> death.came() || writes >= 2);
      if (writes >= 2) {
        cluster.until("it is made", Secret.class, "tiles-sessions", _ -> true);
      }
    }
    Map<String, String> before =
        cluster.exists(Secret.class, "tiles-control")
            ? cluster.get(Secret.class, "tiles-control").getData()
            : Map.of();
    try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
      cluster.untilInstance("tiles", ConditionType.Applied, "ObjectsApplied");
      if (!before.isEmpty()) {
        assertThat(cluster.get(Secret.class, "tiles-control").getData()).isEqualTo(before);
      }
      assertThat(cluster.get(Secret.class, "tiles-sessions").getData()).containsKey("current");
    }
  }
}
