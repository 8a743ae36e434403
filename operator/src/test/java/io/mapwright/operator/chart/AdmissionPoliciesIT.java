package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mapwright.operator.kube.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart's admission policies refuse, on a real API server, of users whom RBAC lets do it
 * all: the admin of a namespace, and the operator's own account.
 */
@NullUnmarked
class AdmissionPoliciesIT {
  private static final String MAPS = "maps";
  private static final String TENANT = "system:serviceaccount:maps:admin";
  private static final String RESTORER = "system:serviceaccount:velero:velero";
  private static final String OURS = "app.kubernetes.io/managed-by: mapwright-operator";

  private static ChartServer server;
  private static KubernetesClient admin;

  @BeforeAll
  static void install() throws IOException {
    server = ChartServer.start();
    admin = server.admin();
    server.namespace(Chart.NAMESPACE, Map.of());
    server.namespace(MAPS, Map.of());
    server.namespace("fenced", Map.of("team", "a"));
    ApiServer.Running.crds().forEach(crd -> admin.resource(crd).serverSideApply());
    everybodyMayDoEverything();
    await("our kinds are served")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(() -> apply(admin, instance(MAPS, "there", "", "")).isEmpty());
    apply(admin, key("there", ""));
    apply(admin, secret("ours", OURS, "made"));
    apply(admin, secret("theirs", "team: a", "made"));
    server.install(
        Chart.render(
            "admissionPolicies.alsoAllowed={" + RESTORER + "}",
            "fences[0].name=team-a",
            "fences[0].namespaceSelector.matchLabels.team=a",
            "fences[0].hosts={*.a.example.com,maps.a.example.org}",
            "fences[0].issuers={ClusterIssuer/letsencrypt}",
            "fences[0].annotations={external-dns.alpha.kubernetes.io/}",
            "fences[0].images={registry.example.com/a/,maps}",
            "fences[0].repositories={s3:https://s3.example.com/backups/a/}"),
        kind -> kind.startsWith("ValidatingAdmissionPolicy") || kind.equals("ConfigMap"));
    // One that is refused by each, and the API server has compiled them all.
    await("the policies are in force")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(admitted()).as("admitted still").isEmpty());
  }

  /** Which of the policies lets pass what it is to refuse. */
  private static List<String> admitted() {
    var operator = server.as(ChartServer.OPERATOR);
    var tenant = server.as(TENANT);
    var admitted = new ArrayList<String>();
    // What was made before a policy was in force is not made again by the next try.
    var early = "early-" + System.nanoTime();
    try (operator;
        tenant) {
      Map.of(
              "status", status(tenant, "apikeys", "there"),
              "secrets", apply(tenant, secret(early, OURS, "x")),
              "lease", apply(tenant, lease("mapwright-operator")),
              "bounds", apply(operator, secret(early, "a: b", "x")),
              "pods", apply(operator, deployment("hostNetwork: true", "")),
              "resources", apply(operator, key(early, "")),
              "fence", apply(admin, instance("fenced", early, "hosts: [other.example.com]", "")))
          .forEach((policy, complaint) -> {
            if (complaint.isEmpty()) {
              admitted.add(policy);
            }
          });
    }
    return admitted;
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** So that a refusal is the policies', and never for want of a right. */
  private static void everybodyMayDoEverything() {
    admin
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("everything")
                .endMetadata()
                .withRules(
                    new PolicyRuleBuilder()
                        .withApiGroups("*")
                        .withResources("*")
                        .withVerbs("*")
                        .build())
                .build())
        .create();
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("everything")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "everything")
                .addNewSubject("rbac.authorization.k8s.io", "Group", "system:authenticated", null)
                .build())
        .create();
  }

  @ParameterizedTest
  @CsvSource({
    "apikeys, there",
    "mapwrightinstances, there",
  })
  void onlyTheOperatorWritesStatuses(String plural, String name) {
    assertThat(status(server.as(TENANT), plural, name))
        .hasValueSatisfying(AdmissionPoliciesIT::isOurs);
    assertThat(status(admin, plural, name)).as("not even an admin by mistake").isPresent();
    assertThat(status(server.as(ChartServer.OPERATOR), plural, name)).isEmpty();
    assertThat(status(server.as(RESTORER), plural, name)).isEmpty();
  }

  @Test
  void onlyTheOperatorWritesItsSecrets() {
    try (var tenant = server.as(TENANT)) {
      assertThat(apply(tenant, secret("more", OURS, "x"))).isPresent();
      assertThat(patch(tenant, "ours", "{\"data\":{\"key\":\"eA==\"}}")).isPresent();
      assertThat(patch(tenant, "ours", "{\"metadata\":{\"labels\":null}}")).isPresent();
      assertThat(
              patch(
                  tenant,
                  "theirs",
                  "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"mapwright-operator\"}}}"))
          .isPresent();
      assertThat(
              patch(
                  tenant,
                  "ours",
                  "{\"metadata\":{\"annotations\":{\"mapwright.io/owner\":\"another\"}}}"))
          .isPresent();

      assertThat(patch(tenant, "ours", "{\"metadata\":{\"annotations\":{\"replicate\":\"yes\"}}}"))
          .isEmpty();
      assertThat(patch(tenant, "theirs", "{\"data\":{\"key\":\"eA==\"}}")).isEmpty();
      assertThat(apply(server.as(ChartServer.OPERATOR), secret("new", OURS, "x"))).isEmpty();
      assertThat(tenant.secrets().inNamespace(MAPS).withName("new").delete())
          .as("deleting has it made again")
          .isNotEmpty();
    }
  }

  /** Of an operator before this one, whose template for cert-manager had the label. */
  @Test
  void certificatesGoOnBeingRenewed() {
    var pair = "{\"data\":{\"tls.crt\":\"eA==\",\"tls.key\":\"eA==\"}}";
    apply(
        server.as(ChartServer.OPERATOR),
        secret("x", OURS, "x")); // the policies are in force, else the next would prove nothing
    server
        .as(RESTORER)
        .resource(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: old-tls, namespace: %s, labels: {%s}}
            type: kubernetes.io/tls
            stringData: {tls.crt: x, tls.key: x}
            """
                .formatted(MAPS, OURS))
        .create();
    try (var certManager = server.as("system:serviceaccount:cert-manager:cert-manager")) {
      assertThat(patch(certManager, "old-tls", pair)).isEmpty();
      assertThat(patch(certManager, "old-tls", "{\"metadata\":{\"labels\":null}}")).isEmpty();
      assertThat(patch(certManager, "ours", pair)).isPresent();
    }
    assertThat(patch(server.as(TENANT), "ours", "{\"immutable\":true}")).isPresent();
  }

  @Test
  void onlyTheOperatorWritesItsLease() {
    assertThat(apply(server.as(TENANT), lease("mapwright-operator"))).isPresent();
    assertThat(apply(server.as(TENANT), lease("another"))).isEmpty();
    assertThat(apply(server.as(ChartServer.OPERATOR), lease("mapwright-operator"))).isEmpty();
  }

  static Stream<Arguments> foreignToTheOperator() {
    return Stream.of(
        Arguments.of("a Secret without our label", secret("x", "a: b", "x")),
        Arguments.of("somebody's Secret", secret("theirs", OURS, "x")),
        Arguments.of("a pod in the node's network", deployment("hostNetwork: true", "")),
        Arguments.of("a pod that sees the node's processes", deployment("hostPID: true", "")),
        Arguments.of(
            "a folder of the node", deployment("volumes: [{name: x, hostPath: {path: /}}]", "")),
        Arguments.of("another account", deployment("serviceAccountName: admin", "")),
        Arguments.of("an account's token", deployment("automountServiceAccountToken: true", "")),
        Arguments.of(
            "a projected token",
            deployment(
                "volumes: [{name: x, projected: {sources: [{serviceAccountToken: {path: t}}]}}]",
                "")),
        Arguments.of(
            "a privileged container", deployment("", "securityContext: {privileged: true}")),
        Arguments.of("a container that may gain privileges", deployment("", "securityContext: {}")),
        Arguments.of(
            "a port of the node", deployment("", "ports: [{containerPort: 80, hostPort: 80}]")),
        Arguments.of("the token of another account", token("maps")),
        Arguments.of(
            "a Secret of the cluster itself",
            secret("x", OURS, "x").replace("namespace: " + MAPS, "namespace: kube-system")),
        Arguments.of(
            "a capability",
            deployment(
                "",
                "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_ADMIN]}}")),
        Arguments.of(
            "a container that runs as root",
            deployment(
                "",
                "securityContext: {allowPrivilegeEscalation: false, runAsUser: 0, capabilities: {drop: [ALL]}}")),
        Arguments.of(
            "a pod that may run as root", deployment("securityContext: {runAsNonRoot: false}", "")),
        Arguments.of(
            "an account of another's backups", deployment("serviceAccountName: velero-backup", "")),
        Arguments.of("a new key", key("new", "")));
  }

  private static String token(String account) {
    return """
    apiVersion: v1
    kind: Secret
    metadata:
      name: token
      namespace: %s
      labels: {%s}
      annotations: {kubernetes.io/service-account.name: %s}
    type: kubernetes.io/service-account-token
    """
        .formatted(MAPS, OURS, account);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("foreignToTheOperator")
  void operatorsAccountCanNotMake(String what, String object) {
    assertThat(apply(server.as(ChartServer.OPERATOR), object))
        .as(what)
        .hasValueSatisfying(AdmissionPoliciesIT::isOurs);
  }

  @Test
  void operatorsAccountDoesItsWork() {
    try (var operator = server.as(ChartServer.OPERATOR)) {
      assertThat(apply(operator, deployment("", ""))).isEmpty();
      assertThat(apply(operator, key("restored", "annotations: {mapwright.io/restored: \"true\"}")))
          .isEmpty();
      assertThat(
              merge(
                  operator,
                  "mapwrightinstances",
                  "there",
                  "{\"metadata\":{\"finalizers\":[\"mapwright.io/final-backup\"]}}"))
          .isEmpty();
      assertThat(
              merge(
                  operator,
                  "mapwrightinstances",
                  "there",
                  "{\"spec\":{\"server\":{\"image\":\"theirs:1\"}}}"))
          .hasValueSatisfying(AdmissionPoliciesIT::isOurs);
      for (var metadata : List.of("labels", "annotations")) {
        assertThat(
                merge(
                    operator,
                    "mapwrightinstances",
                    "there",
                    "{\"metadata\":{\"" + metadata + "\":{\"team\":\"x\"}}}"))
            .hasValueSatisfying(AdmissionPoliciesIT::isOurs);
      }
      assertThat(
              merge(admin, "mapwrightinstances", "there", "{\"metadata\":{\"finalizers\":null}}"))
          .isEmpty();
    }
  }

  static Stream<Arguments> withinTheFence() {
    return Stream.of(
        Arguments.of("hosts: [x.a.example.com, maps.a.example.org]", ""),
        Arguments.of(
            "hosts: [x.a.example.com]", "server: {image: \"registry.example.com/a/maps:1\"}"),
        Arguments.of("hosts: [x.a.example.com]", "tls: {secretName: own}"),
        Arguments.of(
            "hosts: [x.a.example.com]",
            "exposure: {annotations: {external-dns.alpha.kubernetes.io/hostname: x.a.example.com}}"),
        Arguments.of(
            "hosts: [x.a.example.com]",
            "backup: {schedule: \"@daily\", repository: {s3: {endpoint: \"https://s3.example.com\", bucket: backups, prefix: a/maps}}}"));
  }

  @ParameterizedTest
  @MethodSource("withinTheFence")
  void instancesWithinTheirFenceAreAdmitted(String hosts, String more) {
    assertThat(apply(admin, instance("fenced", "inside", hosts, more))).isEmpty();
    admin
        .genericKubernetesResources("mapwright.io/v1alpha1", "MapwrightInstance")
        .inNamespace("fenced")
        .withName("inside")
        .delete();
  }

  static Stream<Arguments> beyondTheFence() {
    var host = "hosts: [x.a.example.com]";
    return Stream.of(
        Arguments.of("hosts", "hosts: [a.example.com]", ""),
        Arguments.of("hosts", "hosts: [xa.example.com]", ""),
        Arguments.of("hosts", "hosts: [x.a.example.com, bank.example.com]", ""),
        Arguments.of(
            "hosts",
            host,
            "controlPlane: {hosts: [console.example.com], allowedCidrs: [10.0.0.0/8]}"),
        Arguments.of("tls.issuerRef", host, "tls: {issuerRef: {name: letsencrypt}}"),
        Arguments.of(
            "tls.issuerRef", host, "tls: {issuerRef: {name: corporate, kind: ClusterIssuer}}"),
        Arguments.of(
            "exposure.annotations",
            host,
            "exposure: {annotations: {nginx.ingress.kubernetes.io/x: y}}"),
        Arguments.of("image", host, "server: {image: \"registry.example.com/another:1\"}"),
        Arguments.of("image", host, "server: {image: \"maps-of-others:1\"}"),
        Arguments.of("image", host, "gateway: {image: \"theirs:1\"}"),
        Arguments.of(
            "repository",
            host,
            "backup: {schedule: \"@daily\", repository: {s3: {endpoint: \"https://s3.example.com\", bucket: backups, prefix: b}}}"),
        Arguments.of(
            "repository",
            host,
            "backup: {schedule: \"@daily\", repository: {s3: {endpoint: \"https://s3.example.com\", bucket: backups, prefix: a/../b}}}"),
        Arguments.of(
            "tls.issuerRef",
            host,
            "tls: {issuerRef: {name: letsencrypt, kind: ClusterIssuer, group: other.example.com}}"),
        Arguments.of(
            "repository",
            host,
            "restore: {id: x, keys: Leave, from: {instance: victim/tiles, passwordSecretRef: {name: p, key: p}, repository: {s3: {endpoint: \"https://s3.example.com\", bucket: backups}}}}"),
        Arguments.of(
            "repository",
            host,
            "backup: {schedule: \"@daily\", repository: {rest: {url: \"https://collector.example.com/\"}}}"));
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("beyondTheFence")
  void instancesBeyondTheirFenceAreRefusedByTheNameOfTheField(
      String field, String hosts, String more) {
    assertThat(apply(admin, instance("fenced", "outside", hosts, more)))
        .hasValueSatisfying(
            complaint -> assertThat(complaint).contains(field + ":", "ask the cluster admin"));
    assertThat(apply(admin, instance(MAPS, "outside", hosts, more))).as("elsewhere").isEmpty();
    admin
        .genericKubernetesResources("mapwright.io/v1alpha1", "MapwrightInstance")
        .inNamespace(MAPS)
        .withName("outside")
        .delete();
  }

  private static void isOurs(String complaint) {
    assertThat(complaint).contains("ValidatingAdmissionPolicy", "Mapwright operator");
  }

  /** Returns the API server's complaint, if any. */
  private static Optional<String> apply(KubernetesClient client, String object) {
    return complaint(() -> client.resource(object).forceConflicts().serverSideApply());
  }

  private static Optional<String> status(KubernetesClient client, String plural, String name) {
    return complaint(() ->
        client
            .genericKubernetesResources("mapwright.io/v1alpha1", kind(plural))
            .inNamespace(MAPS)
            .withName(name)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"observedGeneration\":7}}"));
  }

  private static String kind(String plural) {
    return plural.equals("apikeys") ? "ApiKey" : "MapwrightInstance";
  }

  private static Optional<String> merge(
      KubernetesClient client, String plural, String name, String patch) {
    return complaint(() ->
        client
            .genericKubernetesResources("mapwright.io/v1alpha1", kind(plural))
            .inNamespace(MAPS)
            .withName(name)
            .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  private static Optional<String> patch(KubernetesClient client, String secret, String patch) {
    return complaint(() ->
        client
            .secrets()
            .inNamespace(MAPS)
            .withName(secret)
            .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  private static Optional<String> complaint(Runnable request) {
    try {
      request.run();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String secret(String name, String label, String content) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, namespace: %s, labels: {%s}}
    stringData: {key: %s}
    """
        .formatted(name, MAPS, label, content);
  }

  private static String lease(String name) {
    return """
    apiVersion: coordination.k8s.io/v1
    kind: Lease
    metadata: {name: %s, namespace: %s}
    spec: {holderIdentity: me}
    """
        .formatted(name, Chart.NAMESPACE);
  }

  private static String key(String name, String metadata) {
    return """
    apiVersion: mapwright.io/v1alpha1
    kind: ApiKey
    metadata:
      name: %s
      namespace: %s
      %s
    spec: {instanceRef: {name: there}, scopes: [tiles]}
    """
        .formatted(name, MAPS, metadata);
  }

  private static String instance(String namespace, String name, String hosts, String more) {
    var lines = new ArrayList<String>();
    lines.add(hosts.isEmpty() ? "hosts: [maps.example.com]" : hosts);
    for (var fallback :
        List.of(
            "server: {image: \"maps:1\", volume: {size: 1Gi}}",
            "tls: {issuerRef: {name: letsencrypt, kind: ClusterIssuer}}")) {
      if (!more.startsWith(fallback.substring(0, fallback.indexOf(' ')))) {
        lines.add(fallback);
      }
    }
    if (!more.isEmpty()) {
      lines.add(more);
    }
    return """
    apiVersion: mapwright.io/v1alpha1
    kind: MapwrightInstance
    metadata: {name: %s, namespace: %s}
    spec:
    %s
    """
        .formatted(name, namespace, String.join("\n", lines).indent(2).stripTrailing());
  }

  /** A Deployment as the operator makes it, but for one thing. */
  private static String deployment(String pod, String container) {
    var defaults =
        Stream.of(
                "serviceAccountName: tiles",
                "automountServiceAccountToken: false",
                "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}")
            .filter(line -> pod.isEmpty() || !line.startsWith(pod.substring(0, pod.indexOf(':'))))
            .toList();
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: tiles, namespace: %s, labels: {%s, app.kubernetes.io/instance: tiles}}
    spec:
      selector: {matchLabels: {a: b}}
      template:
        metadata: {labels: {a: b}}
        spec:
          %s
          %s
          containers:
            - name: server
              image: maps:1
              %s
              %s
    """
        .formatted(
            MAPS,
            OURS,
            String.join("\n      ", defaults),
            pod,
            container.startsWith("securityContext")
                ? ""
                : "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
            container);
  }
}
