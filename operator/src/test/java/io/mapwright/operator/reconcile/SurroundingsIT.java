package io.mapwright.operator.reconcile;

import static io.mapwright.operator.reconcile.Cluster.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kinds that come and go, rights that are missing, namespaces that end. */
@ExtendWith(ApiServer.class)
class SurroundingsIT {
  /** The operator looks for optional kinds twice a minute. */
  private static final Duration LOOK = Duration.ofSeconds(75);

  private final ApiServer.Running server;

  SurroundingsIT(ApiServer.Running server) {
    this.server = server;
  }

  private Cluster cluster(String prefix) {
    return new Cluster(server.admin(), server.namespace(prefix));
  }

  /** A kind of another project, without its schema. */
  private static CustomResourceDefinition crd(
      String group, String version, String kind, String plural) {
    return Serialization.unmarshal(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: %4$s.%1$s
          annotations: {api-approved.kubernetes.io: unapproved}
        spec:
          group: %1$s
          scope: Namespaced
          names: {kind: %3$s, listKind: %3$sList, plural: %4$s, singular: %5$s}
          versions:
            - name: %2$s
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
            .formatted(group, version, kind, plural, kind.toLowerCase(java.util.Locale.ROOT)),
        CustomResourceDefinition.class);
  }

  private static String spec(Cluster cluster, String tls, String more) {
    return """
    hosts: [%s.example.com]
    server: {image: "maps:1", volume: {size: 1Gi}}
    tls: %s
    %s\
    """
        .formatted(cluster.namespace, tls, more);
  }

  private void awaitObject(Cluster cluster, String apiVersion, String kind, String name) {
    await(kind + " " + name + " is made")
        .atMost(LOOK)
        .pollInterval(Duration.ofMillis(250))
        .until(() ->
            cluster
                    .client
                    .genericKubernetesResources(apiVersion, kind)
                    .inNamespace(cluster.namespace)
                    .withName(name)
                    .get()
                != null);
  }

  private MapwrightInstance awaitReason(Cluster cluster, ConditionType type, String reason) {
    return await(type + " is " + reason)
        .atMost(LOOK)
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> cluster.get(MapwrightInstance.class, "tiles"),
            now -> now.getStatus() != null && condition(now, type).getReason().equals(reason));
  }

  @Test
  void optionalKindsMayComeAndGoWhileTheOperatorRuns() {
    var monitors = crd("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors");
    var certificates = crd("cert-manager.io", "v1", "Certificate", "certificates");
    var cluster = cluster("kinds");
    try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
      cluster.instance(
          "tiles", spec(cluster, "{issuerRef: {name: ca}}", "monitoring: {serviceMonitor: {}}\n"));
      awaitReason(cluster, ConditionType.TlsReady, "CrdMissing");
      var bare = awaitReason(cluster, ConditionType.MonitoringReady, "CrdMissing");
      assertThat(condition(bare, ConditionType.MonitoringReady).getMessage())
          .contains("ServiceMonitor");
      assertThat(cluster.exists(NetworkPolicy.class, "tiles-deny-all")).isTrue();
      assertThat(cluster.exists(Deployment.class, "tiles")).isFalse();

      server.install(certificates);
      server.install(monitors);
      awaitObject(cluster, "cert-manager.io/v1", "Certificate", "tiles-tls");
      awaitObject(cluster, "monitoring.coreos.com/v1", "ServiceMonitor", "tiles");
      awaitReason(cluster, ConditionType.MonitoringReady, "ServiceMonitorApplied");
      awaitReason(cluster, ConditionType.TlsReady, "CertificatePending");

      // cert-manager answers.
      cluster.certificate("tiles-tls", cluster.namespace + ".example.com");
      cluster
          .client
          .secrets()
          .inNamespace(cluster.namespace)
          .withName("tiles-tls")
          .edit(secret -> {
            secret.getMetadata().setLabels(io.mapwright.operator.model.Labels.of("tiles"));
            secret
                .getMetadata()
                .setAnnotations(
                    java.util.Map.of(io.mapwright.operator.model.Labels.OWNER, "tiles"));
            return secret;
          });
      awaitReason(cluster, ConditionType.TlsReady, "CertificateValid");
      cluster.until("it is made", Deployment.class, "tiles", _ -> true);

      server.admin().resource(monitors).delete();
      awaitReason(cluster, ConditionType.MonitoringReady, "CrdMissing");
      cluster.patch(
          MapwrightInstance.class, "tiles", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");
      cluster.until(
          "the operator still works",
          Deployment.class,
          "tiles",
          d ->
              d.getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .getFirst()
                  .getImage()
                  .equals("maps:2"));
      assertThat(cluster.exists(Secret.class, "tiles-tls")).isTrue();

      server.install(monitors);
      awaitObject(cluster, "monitoring.coreos.com/v1", "ServiceMonitor", "tiles");
    } finally {
      server.admin().resource(monitors).delete();
      server.admin().resource(certificates).delete();
    }
  }

  @Test
  void missingRightToWriteOneKindIsToldAndHoldsUpNothingElse() {
    var cluster = cluster("rights");
    var user = user(cluster, rule("batch", List.of("cronjobs"), "get", "list", "watch"), "batch");
    try (var limited = server.as(user);
        var _ = Cluster.operator(limited, cluster.namespace)) {
      cluster.certificate("own", cluster.namespace + ".example.com");
      cluster.instance(
          "tiles",
          spec(
              cluster,
              "{secretName: own}",
              "backup: {schedule: \"@daily\", repository: {volume: {size: 1Gi}}}\n"));
      var now = awaitReason(cluster, ConditionType.Applied, "Forbidden");
      assertThat(condition(now, ConditionType.Applied).getMessage())
          .contains("CronJob tiles-backup");
      assertThat(cluster.exists(Deployment.class, "tiles")).isTrue();
      assertThat(cluster.exists(CronJob.class, "tiles-backup")).isFalse();
      cluster.key("key", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
      cluster.untilKey("key", ConditionType.Ready, "Active");
    }
  }

  @Test
  void missingRightToReadOneKindDoesNotKeepTheOperatorFromWorking() {
    var cluster = cluster("blind");
    var user = user(cluster, rule("policy", List.of("nothing"), "get"), "policy");
    try (var limited = server.as(user);
        var _ = Cluster.operator(limited, cluster.namespace)) {
      cluster.certificate("own", cluster.namespace + ".example.com");
      cluster.instance("tiles", spec(cluster, "{secretName: own}", ""));
      awaitReason(cluster, ConditionType.TlsReady, "CertificateValid");
      cluster.until("it is made", Deployment.class, "tiles", _ -> true);
      cluster.key("key", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
      cluster.untilKey("key", ConditionType.Ready, "Active");
    }
  }

  /** Somebody who may do everything but what concerns one group, where only one rule holds. */
  private String user(Cluster cluster, PolicyRule instead, String group) {
    var name = "operator-" + cluster.namespace;
    var rules = new ArrayList<PolicyRule>();
    for (var other :
        List.of(
            "",
            "apps",
            "batch",
            "policy",
            "autoscaling",
            "networking.k8s.io",
            "mapwright.io",
            "cert-manager.io",
            "monitoring.coreos.com",
            "gateway.networking.k8s.io",
            "events.k8s.io")) {
      if (!other.equals(group)) {
        rules.add(rule(other, List.of("*"), "*"));
      }
    }
    rules.add(instead);
    var admin = server.admin();
    admin
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withRules(rules)
                .build())
        .create();
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
                .addNewSubject()
                .withKind("User")
                .withName(name)
                .withApiGroup("rbac.authorization.k8s.io")
                .endSubject()
                .build())
        .create();
    return name;
  }

  private static PolicyRule rule(String group, List<String> resources, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withVerbs(verbs)
        .build();
  }

  @Test
  void namespaceThatEndsIsNoErrorForTheOthers() {
    var ending = cluster("ending");
    var other = cluster("other");
    try (var _ = Cluster.operator(server.client(), ending.namespace, other.namespace)) {
      ending.certificate("own", ending.namespace + ".example.com");
      ending.instance("tiles", spec(ending, "{secretName: own}", ""));
      ending.until("it is made", Deployment.class, "tiles", _ -> true);
      server.admin().namespaces().withName(ending.namespace).delete();
      ending.patch(
          MapwrightInstance.class,
          "tiles",
          "{\"spec\":{\"backup\":{\"schedule\":\"@daily\",\"repository\":{\"volume\":{\"size\":\"1Gi\"}}}}}");
      var now = awaitReason(ending, ConditionType.Applied, "Progressing");
      assertThat(condition(now, ConditionType.Applied).getMessage())
          .contains("namespace is being deleted");

      other.certificate("own", other.namespace + ".example.com");
      other.instance("tiles", spec(other, "{secretName: own}", ""));
      other.until("it is made", Deployment.class, "tiles", _ -> true);
    }
  }

  @Test
  void ownKindThatIsDeletedAndInstalledAgainIsServedAgain() {
    var policies =
        ApiServer.Running.crds().stream()
            .filter(crd -> crd.getSpec().getNames().getKind().equals("OriginPolicy"))
            .findFirst()
            .orElseThrow();
    var cluster = cluster("own");
    try (var _ = Cluster.operator(server.client(), cluster.namespace)) {
      cluster.certificate("own", cluster.namespace + ".example.com");
      cluster.instance("tiles", spec(cluster, "{secretName: own}", ""));
      cluster.policy("site", "origins: [\"https://www.example.com\"]\n");
      cluster.key(
          "key", "instanceRef: {name: tiles}\nscopes: [tiles]\noriginPolicyRefs: [{name: site}]\n");
      cluster.untilKey("key", ConditionType.Ready, "Active");
      server.admin().resource(policies).delete();
      cluster.untilKey("key", ConditionType.Accepted, "PolicyNotFound");
      cluster.patch(
          MapwrightInstance.class, "tiles", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");
      cluster.until(
          "the operator still works",
          Deployment.class,
          "tiles",
          d ->
              d.getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .getFirst()
                  .getImage()
                  .equals("maps:2"));
      server.install(policies);
      cluster.policy("site", "origins: [\"https://www.example.com\"]\n");
      await("the policy is seen again")
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> cluster.get(ApiKey.class, "key").getStatus().state() == KeyState.Active);
    } finally {
      server.install(policies);
    }
  }

  @Test
  void everySampleIsAccepted() throws java.io.IOException {
    try (var folders = java.nio.file.Files.list(java.nio.file.Path.of("..", "samples"))) {
      for (var folder : folders.filter(java.nio.file.Files::isDirectory).sorted().toList()) {
        var cluster = cluster("sample");
        try (var operator = Cluster.operator(server.client(), cluster.namespace);
            var files = java.nio.file.Files.list(folder)) {
          assertThat(operator.port()).isPositive();
          for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
            for (var part : java.nio.file.Files.readString(file).split("(?m)^---\\s*$", -1)) {
              if (part.contains("apiVersion: mapwright.io/")) {
                var object = Serialization.unmarshal(part, GenericKubernetesResource.class);
                object.getMetadata().setNamespace(cluster.namespace);
                cluster.client.resource(object).create();
              }
            }
          }
          for (var instance :
              cluster
                  .client
                  .resources(MapwrightInstance.class)
                  .inNamespace(cluster.namespace)
                  .list()
                  .getItems()) {
            cluster.untilInstance(
                instance.getMetadata().getName(), ConditionType.Accepted, "SpecValid");
          }
          for (var key :
              cluster
                  .client
                  .resources(ApiKey.class)
                  .inNamespace(cluster.namespace)
                  .list()
                  .getItems()) {
            cluster.until(
                folder.getFileName() + " is in force",
                ApiKey.class,
                key.getMetadata().getName(),
                now -> now.getStatus() != null && now.getStatus().state() == KeyState.Active);
          }
        }
      }
    }
  }
}
