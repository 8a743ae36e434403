package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.OperatorConfig;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.OperatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two operators and one lease, on a real API server. */
@ExtendWith(ApiServer.class)
class LeaseIT {
  /** Well below the 15 seconds that the lease would have lasted. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(12);

  @TempDir Path folder = Path.of("/");
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);
  private final ApiServer.Running server;

  LeaseIT(ApiServer.Running server) {
    this.server = server;
  }

  @Test
  void oneOfTwoWorksAndTheOtherTakesOverAtOnceWhenItStops() throws IOException {
    var cluster = new Cluster(server.admin(), server.namespace("lease"));
    cluster.instance(
        "tiles",
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(cluster.namespace));
    var delivered = new HashSet<String>();
    try (var a = server.client();
        var b = server.client();
        var second = operator(b, cluster.namespace, "second")) {
      try (var first = operator(a, cluster.namespace, "first")) {
        first.start();
        until(cluster, "first");
        second.start();
        for (int i = 0; i < 5; i++) {
          cluster.key("key-" + i, "instanceRef: {name: tiles}\nscopes: [tiles]\n");
        }
        for (int i = 0; i < 5; i++) {
          active(cluster, "key-" + i);
          delivered.add(content(cluster, "key-" + i));
        }
        assertThat(holder(cluster)).contains("first");
      }
      var begin = System.nanoTime();
      until(cluster, "second");
      cluster.key("after", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
      active(cluster, "after");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TAKEN_OVER);
      var now = new HashSet<String>();
      for (int i = 0; i < 5; i++) {
        now.add(content(cluster, "key-" + i));
      }
      assertThat(now).as("no key was made twice").isEqualTo(delivered);
    }
  }

  @Test
  void stoppedProcessExitsWithZeroAndOneThatLosesItsLeaseWithOne() throws Exception {
    var cluster = new Cluster(server.admin(), server.namespace("lease"));
    var first = process(cluster.namespace, "first");
    try {
      until(cluster, "first");
      var second = process(cluster.namespace, "second");
      try {
        await("the second one is ready")
            .atMost(Cluster.PATIENCE)
            .until(() -> Files.readString(log("second")).contains("the leader is first"));

        first.destroy();

        assertThat(first.waitFor(30, TimeUnit.SECONDS)).as("it stops").isTrue();
        assertThat(first.exitValue()).isZero();
        var begin = System.nanoTime();
        until(cluster, "second");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TAKEN_OVER);

        // Only these fields, at no version: the holder renews it meanwhile.
        cluster.patch(
            Lease.class,
            "mapwright-operator",
            "{\"spec\":{\"holderIdentity\":\"somebody else\",\"renewTime\":\"%s\"}}"
                .formatted(MICRO_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))));
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
        assertThat(second.exitValue()).isOne();
      } finally {
        second.destroyForcibly();
      }
    } finally {
      first.destroyForcibly();
    }
  }

  private Process process(String namespace, String identity) throws IOException {
    var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.mapwright.operator.Main");
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "POD_NAMESPACE",
                namespace,
                "WATCH_NAMESPACES",
                namespace,
                "POD_NAME",
                identity,
                "PORT",
                "0",
                "PROBE_PORT",
                "0"));
    return builder.redirectErrorStream(true).redirectOutput(log(identity).toFile()).start();
  }

  private Path log(String identity) {
    return folder.resolve(identity + ".log");
  }

  private static void active(Cluster cluster, String key) {
    cluster.until(
        "it is Active",
        ApiKey.class,
        key,
        now -> now.getStatus() != null && now.getStatus().state() == KeyState.Active);
  }

  private static String content(Cluster cluster, String key) {
    return cluster.get(Secret.class, key + "-key").getData().get("key");
  }

  private static void until(Cluster cluster, String holder) {
    await(holder + " has the lease")
        .atMost(Cluster.PATIENCE)
        .until(() -> holder(cluster).filter(holder::equals).isPresent());
  }

  private static Optional<String> holder(Cluster cluster) {
    return lease(cluster).map(lease -> lease.getSpec().getHolderIdentity());
  }

  private static Optional<Lease> lease(Cluster cluster) {
    return Optional.ofNullable(
        cluster
            .client
            .leases()
            .inNamespace(cluster.namespace)
            .withName("mapwright-operator")
            .get());
  }

  private static MapwrightOperator operator(
      KubernetesClient client, String namespace, String identity) throws IOException {
    return new MapwrightOperator(
        new OperatorConfig(
            new OperatorSettings(namespace, "haproxy:3.2", "restic/restic:0.18.0", false),
            Set.of(namespace),
            0,
            0,
            false,
            true,
            "mapwright-operator",
            identity,
            Cluster.SECRET_ROUND,
            false),
        client,
        Optional.empty(),
        Clock.systemUTC());
  }
}
