package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.SecretText;
import io.mapwright.operator.model.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The credentials of the push channel change while gateways run. */
@ExtendWith(ApiServer.class)
class ControlSecretIT {
  private final ApiServer.Running server;
  private final Cluster cluster;

  ControlSecretIT(ApiServer.Running server) {
    this.server = server;
    cluster = new Cluster(server.admin(), server.namespace("control"));
    var host = cluster.namespace + ".example.com";
    cluster.certificate("own", host);
    cluster.instance(
        "tiles",
        "hosts: [%s]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n".formatted(host));
  }

  @Test
  void newCertificateReachesRunningGatewaysAndANewAuthorityReplacesThem() {
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 2)) {
      var authority = control("ca.crt");
      var served = cluster.get(Secret.class, "tiles-control").getData().get("tls.crt");
      var template = template(cluster.until("made", Deployment.class, "tiles", _ -> true));
      var before = Objects.requireNonNull(pods.gateways().getFirst().controlCertificate());
      await("the gateways are followed")
          .atMost(Cluster.PATIENCE)
          .until(() -> pods.gateways().stream().allMatch(each -> each.commands() > 0));
      var _ = cluster.settled(Duration.ofSeconds(1));

      cluster.patch(Secret.class, "tiles-control", "{\"data\":{\"tls.crt\":null}}");

      cluster.until(
          "a new certificate is stored",
          Secret.class,
          "tiles-control",
          secret -> !served.equals(secret.getData().getOrDefault("tls.crt", served)));
      await("all gateways show the new certificate")
          .atMost(Cluster.PATIENCE)
          .until(() ->
              pods.gateways().stream().noneMatch(each -> before.equals(each.controlCertificate())));
      assertThat(control("ca.crt")).isEqualTo(authority);
      assertThat(template(cluster.get(Deployment.class, "tiles"))).isEqualTo(template);

      // A pass that is under way would put back what it still knows, which is as good.
      var _ = cluster.settled(Duration.ofSeconds(1));
      cluster.delete(Secret.class, "tiles-control");

      var replaced =
          cluster.until(
              "its pods are replaced",
              Deployment.class,
              "tiles",
              now -> !template(now).equals(template));
      assertThat(control("ca.crt")).isNotEqualTo(authority);
      assertThat(replaced.getSpec().getTemplate().getMetadata().getAnnotations())
          .containsKey(Labels.CONFIG_HASH);
    }
  }

  /** A pass read the Secret before, and must not write back what it read. */
  @Test
  void changeInTheMiddleOfAPassIsNotUndone() {
    var clock =
        new Meddler(
            () -> cluster.patch(Secret.class, "tiles-control", "{\"data\":{\"tls.crt\":null}}"));
    try (var client = server.client();
        var _ = Cluster.operator(client, clock, cluster.namespace)) {
      cluster.until("made", Deployment.class, "tiles", _ -> true);
      var _ = cluster.settled(Duration.ofSeconds(1));
      var served = control("tls.crt");

      clock.armed.set(true);
      cluster.patch(
          MapwrightInstance.class, "tiles", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");

      await("the pass was disturbed").atMost(Cluster.PATIENCE).until(() -> !clock.armed.get());
      await("there is another certificate")
          .atMost(Cluster.PATIENCE)
          .until(() -> !Set.of("", served).contains(control("tls.crt")));
    }
  }

  /** Does something once, when the Secrets were read and their content is looked at. */
  private static final class Meddler extends Clock {
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Runnable deed;

    Meddler(Runnable deed) {
      this.deed = deed;
    }

    @Override
    public Instant instant() {
      if (StackWalker.getInstance()
              .walk(frames ->
                  frames.anyMatch(
                      frame -> frame.getClassName().endsWith(".instance.SecretGenerator")))
          && armed.compareAndSet(true, false)) {
        deed.run();
        sleepUntilTheWatchHasToldIt();
      }
      return Instant.now();
    }

    private static void sleepUntilTheWatchHasToldIt() {
      try {
        Thread.sleep(1500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private String control(String entry) {
    var secret = cluster.until("made", Secret.class, "tiles-control", _ -> true);
    return SecretText.of(secret).getOrDefault(entry, "");
  }

  private static String template(Deployment deployment) {
    return deployment
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .getOrDefault(Labels.CONFIG_HASH, "");
  }
}
