package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mapwright.operator.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {
  private static final Path CRDS = Path.of("..", "crds");

  @Test
  void crdsAreThoseOfTheRepository() throws IOException {
    var copies = Chart.FOLDER.resolve("files").resolve("crds");
    try (var files = Files.list(CRDS)) {
      for (var file : files.toList()) {
        var copy = copies.resolve(file.getFileName());
        if (Boolean.getBoolean("chart.update") || Boolean.getBoolean("crd.update")) {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(copy)
            .as("run: mvn -pl operator test -Dtest=ChartTest -Dchart.update=true")
            .hasSameTextualContentAs(file);
      }
    }
    try (var files = Files.list(copies);
        var originals = Files.list(CRDS)) {
      assertThat(files.count()).isEqualTo(originals.count());
    }
  }

  @Test
  void crdsComeOutAsTheyAreAndStayWhenTheChartGoes() throws IOException {
    var objects = Chart.render();
    try (var files = Files.list(CRDS)) {
      for (var file : files.toList()) {
        var committed = Chart.YAML.readTree(file.toFile());
        var name = committed.at("/metadata/name").asText();
        var rendered = (ObjectNode) Chart.find(objects, "CustomResourceDefinition", name);
        var metadata = (ObjectNode) rendered.path("metadata");
        assertThat(metadata.remove("annotations").path("helm.sh/resource-policy").asText())
            .isEqualTo("keep");
        assertThat(metadata.remove("labels")).isNotNull();
        assertThat(rendered).isEqualTo(committed);
      }
    }
  }

  @Test
  void crdsAreLeftToAnAdministratorInNamespacedModeUnlessAskedFor() {
    assertThat(Chart.kinds(Chart.render("watchNamespaces={maps}")))
        .doesNotContain("CustomResourceDefinition");
    assertThat(Chart.kinds(Chart.render("watchNamespaces={maps}", "crds.install=true")))
        .contains("CustomResourceDefinition");
    assertThat(Chart.kinds(Chart.render("crds.install=false")))
        .doesNotContain("CustomResourceDefinition");
  }

  @Test
  void imageIsThatOfTheVersionInThePom() throws IOException {
    var pom =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("..", "pom.xml")));
    assertThat(pom.find()).isTrue();
    assertThat(container(Chart.find(Chart.render(), "Deployment")).path("image").asText())
        .isEqualTo(Chart.IMAGE + ":" + pom.group(1));
    var digest = "sha256:" + "0".repeat(64);
    assertThat(
            container(Chart.find(Chart.render("image.digest=" + digest), "Deployment"))
                .path("image")
                .asText())
        .isEqualTo(Chart.IMAGE + "@" + digest);
  }

  /** No image is published: without a name the chart must fail, not the pull. */
  @Test
  void imageMustBeNamed() {
    assertThat(Chart.complaint("image.repository="))
        .contains("image.repository is not set", "make images", "--set image.repository=");
  }

  @Test
  void podMeetsTheRestrictedStandardAndCanNotWriteToItsImage() {
    var deployment = Chart.find(Chart.render(), "Deployment");
    var pod = pod(deployment);
    var container = container(deployment);
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/capabilities").toString())
        .isEqualTo("{\"drop\":[\"ALL\"]}");
    assertThat(pod.path("volumes"))
        .singleElement()
        .satisfies(v -> assertThat(v.has("emptyDir")).isTrue());
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
  }

  @Test
  void theClusterMayChooseTheUser() {
    var context =
        pod(Chart.find(Chart.render("runAsUser=null"), "Deployment")).path("securityContext");
    assertThat(context.has("runAsUser")).isFalse();
    assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
  }

  @Test
  void podHasTheLabelByWhichInstancesAdmitTheOperator() {
    var labels =
        Chart.find(Chart.render("podLabels.team=maps"), "Deployment")
            .at("/spec/template/metadata/labels");
    assertThat(labels.path("app.kubernetes.io/name").asText()).isEqualTo(Labels.OPERATOR);
    assertThat(labels.path("team").asText()).isEqualTo("maps");
    assertThat(Chart.complaint("podLabels.app\\.kubernetes\\.io/name=other")).contains("podLabels");
  }

  @Test
  void settingsReachTheOperator() {
    var environment =
        container(Chart.find(Chart.render("watchNamespaces={maps,shop}"), "Deployment"))
            .path("env");
    var names = new TreeSet<String>();
    environment.forEach(variable -> names.add(variable.path("name").asText()));
    assertThat(names)
        .containsExactlyInAnyOrder(
            "POD_NAME",
            "POD_NAMESPACE",
            "LEADER_ELECTION",
            "LEASE_NAME",
            "WATCH_NAMESPACES",
            "GATEWAY_IMAGE",
            "BACKUP_IMAGE",
            "ADOPT_STATUS",
            "RESTORES_GUARDED",
            "LOG_FORMAT",
            "LOG_LEVEL",
            "PORT",
            "PROBE_PORT",
            "METRICS_AUTH");
    assertThat(environment.toString()).contains("\"maps,shop\"");
  }

  /** The operator must not rely on a policy that is not there. */
  @ParameterizedTest
  @CsvSource({
    "replicas=1, true",
    "watchNamespaces={maps}, false",
    "admissionPolicies.create=false, false"
  })
  void operatorIsToldOfThePolicyOnRestores(String values, boolean guarded) {
    var chart = Chart.render(values);
    assertThat(
            chart.stream()
                .map(object -> object.at("/metadata/name").asText())
                .anyMatch("mapwright-operator-restore-keys"::equals))
        .isEqualTo(guarded);
    assertThat(container(Chart.find(chart, "Deployment")).path("env").toString())
        .contains("\"RESTORES_GUARDED\",\"value\":\"" + guarded + "\"");
  }

  @Test
  void severalReplicasAreSpreadAndDisruptedOneByOne() {
    var one = Chart.render();
    var two = Chart.render("replicas=2");
    assertThat(Chart.kinds(one)).doesNotContain("PodDisruptionBudget");
    assertThat(Chart.find(two, "PodDisruptionBudget").at("/spec/maxUnavailable").asInt())
        .isEqualTo(1);
    assertThat(pod(Chart.find(one, "Deployment")).has("topologySpreadConstraints")).isFalse();
    assertThat(pod(Chart.find(two, "Deployment")).has("topologySpreadConstraints")).isTrue();
  }

  /** A selector that is null is not a selector of everything: it would cut all gateways off. */
  @Test
  void networkPolicyLetsTheOperatorReachGatewaysInTheNamespacesItServes() {
    var everywhere = Chart.find(Chart.render(), "NetworkPolicy");
    assertThat(everywhere.at("/spec/egress/2/to/0/namespaceSelector").toString()).isEqualTo("{}");
    var some = Chart.find(Chart.render("watchNamespaces={maps}"), "NetworkPolicy");
    assertThat(some.at("/spec/egress/2/to/0/namespaceSelector").toString()).contains("\"maps\"");
    assertThat(some.at("/spec/egress/2/ports/0/port").asInt()).isEqualTo(10999);
    assertThat(some.at("/spec/egress/2/ports/1/port").asInt()).as("probe paths").isEqualTo(10404);
    assertThat(Chart.kinds(Chart.render("networkPolicy.enabled=false")))
        .doesNotContain("NetworkPolicy");
  }

  @Test
  void metricsAreForWhoShowsATokenOrWhoAPolicyNames() {
    var all = Chart.render();
    assertThat(environment(all, "METRICS_AUTH")).isEqualTo("token");
    assertThat(Chart.find(all, "NetworkPolicy").at("/spec/ingress/0/ports/0/port").asInt())
        .isEqualTo(8080);
    assertThat(Chart.find(all, "NetworkPolicy").at("/spec/ingress")).hasSize(1);
    assertThat(
            Chart.find(all, "ClusterRole", "mapwright-metrics-reader")
                .at("/rules/0/nonResourceURLs/0")
                .asText())
        .isEqualTo("/metrics");
    var some = Chart.render("watchNamespaces={maps}");
    assertThat(environment(some, "METRICS_AUTH")).isEqualTo("none");
    assertThat(Chart.find(some, "NetworkPolicy").at("/spec/ingress")).as("nobody").isEmpty();
    assertThat(Chart.kinds(some)).doesNotContain("ClusterRole", "ClusterRoleBinding");
    var asked = Chart.render("watchNamespaces={maps}", "metrics.authentication=token");
    assertThat(environment(asked, "METRICS_AUTH")).isEqualTo("token");
    assertThat(Chart.kinds(asked)).contains("ClusterRole");
    assertThat(
            Chart.find(
                    Chart.render("networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.a=b"),
                    "NetworkPolicy")
                .at("/spec/ingress/0/from/0/namespaceSelector/matchLabels/a")
                .asText())
        .isEqualTo("b");
  }

  @Test
  void metricsForAnybodyAreRefusedWithoutAPolicy() {
    assertThat(Chart.complaint("metrics.authentication=none", "networkPolicy.enabled=false"))
        .contains("set networkPolicy.enabled");
    assertThat(Chart.complaint("watchNamespaces={maps}", "networkPolicy.enabled=false"))
        .contains("set networkPolicy.enabled");
    assertThat(Chart.complaint("metrics.authentication=none")).isEmpty();
  }

  @Test
  void accountsThatScrapeAreBound() {
    var binding =
        Chart.find(
            Chart.render(
                "metrics.readers[0].namespace=monitoring", "metrics.readers[0].name=prometheus"),
            "ClusterRoleBinding",
            "mapwright-operator-metrics-readers");
    assertThat(binding.at("/roleRef/name").asText()).isEqualTo("mapwright-metrics-reader");
    assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo("monitoring");
  }

  /** A flood of the port of metrics must not have the kubelet end the operator. */
  @Test
  void kubeletHasAPortOfItsOwn() {
    var container = container(Chart.find(Chart.render(), "Deployment"));
    for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("probes");
    }
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
    assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(8081);
  }

  /** Alertmanager would take a path for one of its own. */
  @Test
  void alertsLinkToDocumentationThatCanBeReached() {
    assertThat(annotations("metrics.rules.enabled=true"))
        .allMatch(a -> a.path("runbook").asText().startsWith("docs/") && !a.has("runbook_url"));
    assertThat(
            annotations(
                "metrics.rules.enabled=true",
                "metrics.rules.documentation=https://git.example.com/mapwright/"))
        .allMatch(a ->
            a.path("runbook_url").asText().startsWith("https://git.example.com/mapwright/docs/")
                && !a.has("runbook"));
  }

  private static List<JsonNode> annotations(String... values) {
    var rule = Chart.find(Chart.render(values), "PrometheusRule");
    var alerts = rule.at("/spec/groups").findValues("annotations");
    assertThat(alerts).hasSizeGreaterThan(5);
    return alerts;
  }

  /** Two releases in one namespace would wait for each other, one of them forever. */
  @Test
  void leaseIsTheReleasesOwn() {
    var objects = Chart.render("fullnameOverride=maps", "admissionPolicies.create=true");
    var role = Chart.find(objects, "Role", "maps-own").at("/rules/1/resourceNames/0").asText();
    assertThat(role).isEqualTo("maps");
    assertThat(container(Chart.find(objects, "Deployment")).path("env"))
        .anyMatch(variable ->
            variable.path("name").asText().equals("LEASE_NAME")
                && variable.path("value").asText().equals("maps"));
    assertThat(
            Chart.find(objects, "ValidatingAdmissionPolicy", "maps-lease")
                .at("/spec/matchConditions/0/expression")
                .asText())
        .isEqualTo("object.metadata.name == 'maps'");
  }

  /** As a dependency with a condition has it. */
  @Test
  void umbrellaChartsMaySetEnabled() {
    assertThat(Chart.complaint("enabled=true")).isEmpty();
  }

  @Test
  void serviceMonitorIsMadeOnRequest() {
    var monitor =
        Chart.find(
            Chart.render(
                "metrics.serviceMonitor.enabled=true",
                "metrics.serviceMonitor.labels.release=prometheus"),
            "ServiceMonitor");
    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(monitor.at("/spec/endpoints/0/scheme").asText()).isEqualTo("https");
    assertThat(monitor.at("/spec/endpoints/0/honorLabels").asBoolean())
        .as("alerts name the namespace of the instance, not the operator's")
        .isTrue();
    assertThat(monitor.at("/spec/endpoints/0/bearerTokenFile").asText()).isNotEmpty();
    assertThat(Chart.kinds(Chart.render())).doesNotContain("ServiceMonitor");
    var secret =
        Chart.find(
            Chart.render(
                "metrics.serviceMonitor.enabled=true",
                "metrics.serviceMonitor.tokenSecret.name=scraper",
                "metrics.serviceMonitor.tokenSecret.key=token"),
            "ServiceMonitor");
    assertThat(secret.at("/spec/endpoints/0/authorization/credentials/name").asText())
        .isEqualTo("scraper");
    assertThat(secret.at("/spec/endpoints/0").has("bearerTokenFile")).isFalse();
    var plain =
        Chart.find(
            Chart.render("metrics.serviceMonitor.enabled=true", "watchNamespaces={maps}"),
            "ServiceMonitor");
    assertThat(plain.at("/spec/endpoints/0").has("scheme")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replica=2",
        "replicas=two",
        "image.tags=1",
        "image.digest=latest",
        "watchNamespaces=maps",
        "watchNamespaces={Maps}",
        "log.level=LOUD",
        "resources.limit.memory=1Gi",
        "networkPolicy.apiServer.ports={0}",
        "metrics.authentication=basic",
        "metrics.readers={prometheus}",
        "runAsUser=0"
      })
  void wrongValuesAreRefused(String value) {
    assertThat(Chart.complaint(value))
        .contains("values don't meet the specifications of the schema");
  }

  @Test
  void schemaKnowsEveryValueAndNoOther() throws IOException {
    var schema = Chart.YAML.readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    var values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    var known = new TreeSet<String>();
    var set = new TreeSet<String>();
    properties(schema, "", known);
    values(values, schema, "", set);
    known.removeAll(Set.of("enabled", "global"));
    known.removeIf(path -> path.endsWith("[]"));
    assertThat(known).containsExactlyElementsOf(set);
  }

  @Test
  void readmeTellsOfEveryValue() throws IOException {
    var readme = Chart.FOLDER.resolve("README.md");
    var text = Files.readString(readme);
    var begin = text.indexOf("| value |");
    var end = text.indexOf("\n\n", begin) + 1;
    var wanted = ValuesTable.markdown();
    if (Boolean.getBoolean("chart.update")) {
      Files.writeString(readme, text.substring(0, begin) + wanted + text.substring(end));
      return;
    }
    assertThat(text.substring(begin, end))
        .as("run: mvn -pl operator test -Dtest=ChartTest -Dchart.update=true")
        .isEqualTo(wanted);
    var schema = Chart.YAML.readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    var known = new TreeSet<String>();
    properties(schema, "", known);
    known.removeAll(Set.of("enabled", "global"));
    assertThat(ValuesTable.rows().stream().map(ValuesTable.Row::path))
        .allSatisfy(path ->
            assertThat(known).anyMatch(leaf -> leaf.equals(path) || leaf.startsWith(path + ".")));
    assertThat(known)
        .allSatisfy(leaf ->
            assertThat(ValuesTable.rows())
                .anyMatch(row -> leaf.equals(row.path()) || leaf.startsWith(row.path() + ".")));
  }

  /** Paths of the schema's leaves: what has no properties of its own. */
  private static void properties(JsonNode schema, String path, Set<String> leaves) {
    if (schema.path("properties").isEmpty()) {
      leaves.add(path);
    }
    schema
        .path("properties")
        .properties()
        .forEach(child ->
            properties(
                child.getValue(),
                path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                leaves));
  }

  private static void values(JsonNode value, JsonNode schema, String path, Set<String> leaves) {
    var children = schema.path("properties");
    if (children.isEmpty()) {
      leaves.add(path);
      return;
    }
    value
        .properties()
        .forEach(child ->
            values(
                child.getValue(),
                children.path(child.getKey()),
                path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                leaves));
  }

  private static String environment(List<JsonNode> objects, String name) {
    for (var variable : container(Chart.find(objects, "Deployment")).path("env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    throw new AssertionError("no " + name);
  }

  private static JsonNode pod(JsonNode deployment) {
    return deployment.at("/spec/template/spec");
  }

  private static JsonNode container(JsonNode deployment) {
    return pod(deployment).at("/containers/0");
  }
}
