package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Anyone who may write statuses, as the admin of a namespace may, opens nothing and deploys
 * nothing.
 */
@ExtendWith(ApiServer.class)
class StatusSealIT {
  private static final String THEIRS = "d".repeat(64);

  private final ApiServer.Running server;
  private final Cluster cluster;

  StatusSealIT(ApiServer.Running server) {
    this.server = server;
    cluster = new Cluster(server.admin(), server.namespace("seal"));
    var host = cluster.namespace + ".example.com";
    cluster.certificate("own", host);
    cluster.instance(
        "tiles",
        "hosts: [%s]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n".formatted(host));
    cluster.key("website", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
  }

  private void forge(Class<? extends HasMetadata> kind, String name, String status) {
    cluster
        .client
        .resources(kind)
        .inNamespace(cluster.namespace)
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  private ApiKey made() {
    return cluster.untilKey("website", ConditionType.Ready, "Active");
  }

  /**
   * With one namespace objects are judged before they are kept, with several when they are heard
   * of.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void forgedDigestReachesNoGatewayAndIsPutBack(boolean severalNamespaces) {
    var namespaces =
        severalNamespaces
            ? new String[] {cluster.namespace, server.namespace("more")}
            : new String[] {cluster.namespace};
    try (var client = server.client();
        var _ = Cluster.operator(client, namespaces);
        var pods = new StandInPods(cluster, "tiles", 1)) {
      var good = made().getStatus();

      forge(
          ApiKey.class,
          "website",
          "{\"previous\":{\"sha256\":\"" + THEIRS + "\",\"keyId\":\"x\"}}");

      var now =
          cluster.until(
              "the status is put back",
              ApiKey.class,
              "website",
              key -> key.getStatus().previous() == null);
      assertThat(now.getStatus().current()).isEqualTo(good.current());
      assertThat(now.getStatus().seal()).isEqualTo(good.seal());
      cluster.until(
          "an Event reports it",
          Event.class,
          eventAbout("website"),
          event -> event.getMessage().contains("it was restored"));
      assertThat(pods.gateways()).allSatisfy(each -> assertThat(each.everHad(THEIRS)).isFalse());
      assertThat(pods.gateways())
          .allSatisfy(each ->
              assertThat(
                      each.everHad(
                          Objects.requireNonNull(Objects.requireNonNull(good.current()).sha256())))
                  .isTrue());
    }
  }

  private String eventAbout(String name) {
    return await("an Event about " + name)
        .atMost(Cluster.PATIENCE)
        .until(
            () ->
                cluster
                    .client
                    .resources(Event.class)
                    .inNamespace(cluster.namespace)
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> event.getReason().equals("StatusForeign"))
                    .map(event -> event.getMetadata().getName())
                    .findFirst()
                    .orElse(""),
            found -> !found.isEmpty());
  }

  /** The digest that a rotation cut stays cut. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void olderStatusIsPutBackAndOpensNothing(boolean emptied) {
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace)) {
      var old = made();
      var cut = Objects.requireNonNull(Objects.requireNonNull(old.getStatus().current()).sha256());
      cluster.patch(
          ApiKey.class,
          "website",
          "{\"spec\":{\"rotation\":{\"trigger\":\"x\",\"grace\":\"1s\"}}}");
      var good =
          cluster.until(
              "the old digest is cut",
              ApiKey.class,
              "website",
              key -> key.getStatus().retired() != null && key.getStatus().retired().contains(cut));
      try (var pods = new StandInPods(cluster, "tiles", 1)) {
        cluster.untilKey("website", ConditionType.Enforced, "AllReplicasEnforce");
        var replayed = emptied ? cluster.get(ApiKey.class, "website") : old;
        if (emptied) {
          replayed.setStatus(null);
        }
        replayed.getMetadata().setResourceVersion(null);

        cluster.client.resource(replayed).updateStatus();

        var now =
            cluster.until(
                "the status is put back",
                ApiKey.class,
                "website",
                key ->
                    key.getStatus() != null
                        && Objects.equals(key.getStatus().current(), good.getStatus().current()));
        assertThat(now.getStatus().retired()).contains(cut);
        assertThat(eventAbout("website")).isNotEmpty();
        assertThat(pods.gateways()).allSatisfy(each -> assertThat(each.everHad(cut)).isFalse());
      }
    }
  }

  /** Nothing is known from before: the digests that were there open nothing either. */
  @Test
  void statusThatWasForgedWhileNoOperatorRanIsDeniedUntilANewKeyIsAskedFor() {
    String before;
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace)) {
      before = Objects.requireNonNull(made().getStatus().current()).sha256();
    }
    forge(ApiKey.class, "website", "{\"current\":{\"sha256\":\"" + THEIRS + "\"}}");
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 1)) {
      var denied = cluster.untilKey("website", ConditionType.Ready, "StatusForeign");
      assertThat(denied.getStatus().conditions())
          .anySatisfy(condition ->
              assertThat(condition.getMessage())
                  .contains("rotation.trigger")
                  .contains("recovery.md"));
      await("the gateway has its table")
          .atMost(Cluster.PATIENCE)
          .until(() -> pods.gateways().stream().allMatch(each -> each.commands() > 0));
      assertThat(cluster.settled(Duration.ofSeconds(2))).isNotEmpty();
      assertThat(pods.gateways()).allSatisfy(each -> assertThat(each.everHad(THEIRS)).isFalse());

      cluster.patch(ApiKey.class, "website", "{\"spec\":{\"rotation\":{\"trigger\":\"again\"}}}");

      var again = made().getStatus();
      assertThat(Objects.requireNonNull(again.current()).sha256()).isNotIn(before, THEIRS);
      assertThat(again.previous()).isNull();
    }
  }

  /** What is stored of a key that is revoked without a seal must still know what was cut. */
  @Test
  void whatWasCutStaysCutWhenTheSealIsLost() {
    ApiKey before;
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace)) {
      before = made();
    }
    var old = "e".repeat(64);
    forge(ApiKey.class, "website", "{\"seal\":\"of-another\",\"retired\":[\"" + old + "\"]}");
    cluster.patch(ApiKey.class, "website", "{\"spec\":{\"revoked\":true}}");
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace)) {
      var sealed =
          cluster.until(
              "it is sealed again",
              ApiKey.class,
              "website",
              key -> !"of-another".equals(key.getStatus().seal()));
      assertThat(sealed.getStatus().retired())
          .containsExactly(old, Objects.requireNonNull(before.getStatus().current()).sha256());
    }
  }

  @Test
  void forgedProvenImageIsNotDeployed() {
    try (var client = server.client();
        var _ = Cluster.operator(client, cluster.namespace)) {
      cluster.until("made", Deployment.class, "tiles", _ -> true);
      cluster.settled(Duration.ofSeconds(1));

      forge(
          MapwrightInstance.class,
          "tiles",
          """
          {"update": {"phase": "RolledBack", "provenImage": "theirs:1", "failedImage": "maps:1", "failure": "x"}}\
          """);

      cluster.until(
          "the status is put back",
          MapwrightInstance.class,
          "tiles",
          now ->
              now.getStatus().update() != null
                  && !"theirs:1".equals(now.getStatus().update().provenImage()));
      cluster.settled(Duration.ofSeconds(1));
      assertThat(
              cluster
                  .get(Deployment.class, "tiles")
                  .getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers())
          .noneSatisfy(container -> assertThat(container.getImage()).isEqualTo("theirs:1"));
      assertThat(eventAbout("tiles")).isNotEmpty();
    }
  }
}
