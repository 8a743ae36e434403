package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.OperatorConfig;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.ServerPod;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator lives through everything that its plan knows with exactly the rights of the chart:
 * none is missing, and none is left over that is not explained here.
 */
@NullUnmarked
class ChartRightsIT {
  private static final String MAPS = "maps";

  private static final Set<Right> NOT_SEEN =
      Set.of(
          // The API server asks for them when an owner reference is set.
          Right.to("update", MapwrightInstance.class, "finalizers"),
          Right.to("update", ApiKey.class, "finalizers"),
          // The files of keys that backups keep are written some seconds later.
          Right.to("patch", Secret.class),
          // For a status that somebody else wrote.
          Right.to("update", MapwrightInstance.class, "status"),
          Right.to("update", ApiKey.class, "status"),
          // A restore and a backup before an update need pods, which an API server alone does not
          // run.
          Right.to("get", Job.class),
          Right.to("create", Job.class),
          Right.to("patch", Job.class),
          Right.to("delete", Job.class),
          new Right("", "pods/log", "get"),
          Right.to("create", ApiKey.class),
          Right.to("create", OriginPolicy.class),
          // JOSDK looks whether it has it, and uses patch.
          new Right("coordination.k8s.io", "leases", "update"));

  private static ChartServer server;
  private static KubernetesClient admin;

  @BeforeAll
  static void startServer() throws IOException {
    server = ChartServer.start();
    admin = server.admin();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void operatorNeedsTheChartsRightsAndNoOther() throws IOException {
    List.of(Chart.NAMESPACE, MAPS).forEach(name -> server.namespace(name, Map.of()));
    var chart = Chart.renderWithAllRights();
    server.install(chart, "CustomResourceDefinition"::equals);
    foreign("cert-manager.io", "v1", "Certificate", "certificates");
    foreign("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors");
    foreign("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
    // Under the policies that bound its account as well.
    server.install(
        chart, kind -> kind.contains("Role") || kind.startsWith("ValidatingAdmissionPolicy"));
    var granted = new TreeSet<Right>();
    chart.stream()
        .filter(object -> object.path("kind").asText().matches("(Cluster)?Role"))
        .filter(object -> object.at("/metadata/name").asText().startsWith("mapwright-operator"))
        .forEach(role -> granted.addAll(Right.grantedBy(role)));
    makeCertificate();

    var rights = new RecordedRights();
    try (var client = server.as(ChartServer.OPERATOR, rights);
        var operator =
            new MapwrightOperator(
                new OperatorConfig(
                    Given.SETTINGS,
                    Set.of(),
                    0,
                    0,
                    true,
                    true,
                    "mapwright-operator",
                    "test",
                    Duration.ofSeconds(1),
                    false),
                client,
                Optional.empty(),
                Clock.systemUTC())) {
      operator.start();
      liveThroughEverything();
      scrape(operator.port());
    }
    assertThat(rights.missing()).as("refused").isEmpty();
    var explained = new TreeSet<>(rights.used());
    explained.addAll(NOT_SEEN);
    assertThat(granted).containsExactlyInAnyOrderElementsOf(explained);
  }

  /** By an account that the chart's role lets scrape, and by one that it does not. */
  private static void scrape(int port) {
    var reader = account("prometheus");
    admin.rbac().clusterRoleBindings().resource(binding("prometheus")).create();
    assertThat(Scraping.status(port, Optional.of(reader))).isEqualTo(200);
    assertThat(Scraping.status(port, Optional.of(account("somebody")))).isEqualTo(403);
    assertThat(Scraping.status(port, Optional.of("made-up"))).isEqualTo(401);
    assertThat(Scraping.status(port, Optional.empty())).isEqualTo(401);
  }

  /** Makes an account, and returns a token of it. */
  private static String account(String name) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(MAPS)
                .endMetadata()
                .build())
        .create();
    return admin
        .serviceAccounts()
        .inNamespace(MAPS)
        .withName(name)
        .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
        .getStatus()
        .getToken();
  }

  private static ClusterRoleBinding binding(String account) {
    return new ClusterRoleBindingBuilder()
        .withNewMetadata()
        .withName(account)
        .endMetadata()
        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "mapwright-metrics-reader")
        .addNewSubject("", "ServiceAccount", account, MAPS)
        .build();
  }

  private static void liveThroughEverything() {
    create(
        "MapwrightInstance",
        "tiles",
        MapwrightInstance.class,
        """
        hosts: [maps.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}, autoscaling: {maxReplicas: 3}}
        tls: {secretName: maps-certificate}
        exposure: {type: Ingress}
        backup: {schedule: "@daily", repository: {volume: {size: 1Gi}}, onDeletion: {}}
        monitoring: {serviceMonitor: {}}
        deletionPolicy: Delete
        """);
    create("OriginPolicy", "site", OriginPolicy.class, "origins: [https://www.example.com]");
    create(
        "ApiKey",
        "website",
        ApiKey.class,
        """
        instanceRef: {name: tiles}
        scopes: [tiles]
        originPolicyRefs: [{name: site}]
        """);
    for (var kind :
        List.of(
            Deployment.class,
            HorizontalPodAutoscaler.class,
            PodDisruptionBudget.class,
            Ingress.class,
            CronJob.class,
            ServiceMonitor.class)) {
      until(kind + " is there", () -> count(kind) == 1);
    }
    until("the key is made", () -> currentDigest().isPresent());

    // What the spec no longer asks for goes; the volume stays.
    change(
        MapwrightInstance.class,
        "tiles",
        """
        {"spec": {
          "server": {"volume": null, "autoscaling": null},
          "tls": {"secretName": null, "issuerRef": {"name": "ca"}},
          "exposure": {"type": "HTTPRoute", "parentRefs": [{"name": "gateway"}]},
          "backup": null,
          "monitoring": null}}\
        """);
    for (var kind :
        List.of(
            HorizontalPodAutoscaler.class,
            PodDisruptionBudget.class,
            Ingress.class,
            CronJob.class,
            ServiceMonitor.class)) {
      until(kind + " is gone", () -> count(kind) == 0);
    }
    until("the backup's policy is gone", () -> count(NetworkPolicy.class) == 2);
    until("HTTPRoute is there", () -> count(HTTPRoute.class) == 1);
    until("Certificate is there", () -> count(Certificate.class) == 1);
    change(
        MapwrightInstance.class,
        "tiles",
        """
        {"spec": {
          "tls": {"secretName": "maps-certificate", "issuerRef": null},
          "exposure": {"type": "ClusterIP", "parentRefs": null}}}\
        """);
    until("HTTPRoute is gone", () -> count(HTTPRoute.class) == 0);
    until("Certificate is gone", () -> count(Certificate.class) == 0);

    var before = currentDigest();
    change(ApiKey.class, "website", "{\"spec\": {\"rotation\": {\"trigger\": \"x\"}}}");
    until("the key is another", () -> !currentDigest().equals(before));
    podThatIsNotSetUp();
  }

  /** Its Events are asked for, to say why. */
  private static void podThatIsNotSetUp() {
    var pod =
        admin
            .resource(
                ServerPod.of(MAPS, "tiles", "tiles-1")
                    .editSpec()
                    .withNodeName("one")
                    .withAutomountServiceAccountToken(false)
                    .endSpec()
                    .build())
            .create();
    admin
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName("tiles-1.mount")
                .withNamespace(MAPS)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withNamespace(MAPS)
                .endInvolvedObject()
                .withReason("FailedMount")
                .withType("Warning")
                .withMessage("secret \"maps-certificate\" not found")
                .build())
        .create();
    until(
        "the cause is reported",
        () ->
            Conditions.find(
                    admin
                        .resources(MapwrightInstance.class)
                        .inNamespace(MAPS)
                        .withName("tiles")
                        .get()
                        .getStatus()
                        .conditions(),
                    ConditionType.ServerAvailable)
                .filter(condition -> "ReferenceMissing".equals(condition.getReason()))
                .isPresent());
  }

  private static void change(Class<? extends HasMetadata> kind, String name, String mergePatch) {
    admin
        .resources(kind)
        .inNamespace(MAPS)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), mergePatch);
  }

  private static Optional<String> currentDigest() {
    return Optional.ofNullable(
            admin.resources(ApiKey.class).inNamespace(MAPS).withName("website").get())
        .map(ApiKey::getStatus)
        .map(ApiKeyStatus::current)
        .map(KeyDigest::sha256);
  }

  private static int count(Class<? extends HasMetadata> kind) {
    return admin.resources(kind).inNamespace(MAPS).list().getItems().size();
  }

  private static void until(String what, Callable<Boolean> condition) {
    await(what).atMost(Duration.ofSeconds(30)).until(condition);
  }

  private static <R extends HasMetadata> void create(
      String kind, String name, Class<R> type, String spec) {
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: mapwright.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec:
                %s\
                """
                    .formatted(kind, name, MAPS, spec.indent(2)),
                type))
        .create();
  }

  /** A kind of another project, as far as it matters here. */
  private static void foreign(String group, String version, String kind, String plural) {
    var anything =
        new JSONSchemaPropsBuilder()
            .withType("object")
            .withXKubernetesPreserveUnknownFields(true)
            .build();
    var crd =
        new CustomResourceDefinitionBuilder()
            .withNewMetadata()
            .withName(plural + "." + group)
            // Groups of the Kubernetes project are guarded.
            .addToAnnotations("api-approved.kubernetes.io", "unapproved, for a test")
            .endMetadata()
            .withNewSpec()
            .withGroup(group)
            .withScope("Namespaced")
            .withNewNames()
            .withKind(kind)
            .withPlural(plural)
            .endNames()
            .addNewVersion()
            .withName(version)
            .withServed(true)
            .withStorage(true)
            .withNewSchema()
            .withOpenAPIV3Schema(anything)
            .endSchema()
            .endVersion()
            .endSpec()
            .build();
    admin.resource(crd).create();
    await("the server serves " + plural)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> admin.genericKubernetesResources(group + "/" + version, kind).list() != null);
  }

  private static void makeCertificate() {
    var ca = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
    var issued = ca.server(List.of("maps.example.com"));
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("maps-certificate")
                .withNamespace(MAPS)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withStringData(
                    Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.privateKeyPem()))
                .build())
        .create();
  }
}
