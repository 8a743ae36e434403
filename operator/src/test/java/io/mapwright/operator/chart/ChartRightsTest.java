package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.kube.SealKey;
import io.mapwright.operator.plan.RbacNeeds;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart grants what the code needs: no less and no more. */
class ChartRightsTest {
  private static final String NAME = "mapwright-operator";
  private static final Set<String> CLUSTER_SCOPED =
      Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace");

  @Test
  void clusterWideModeGrantsWhatTheCodeNeeds() {
    var objects = Chart.renderWithAllRights();
    assertThat(Right.grantedBy(Chart.find(objects, "ClusterRole", NAME)))
        .containsExactlyInAnyOrderElementsOf(RbacNeeds.inTheCluster());
    var binding = Chart.find(objects, "ClusterRoleBinding", NAME);
    assertThat(binding.at("/roleRef/name").asText()).isEqualTo(NAME);
    assertThat(binding.path("subjects")).singleElement().satisfies(this::isTheOperator);
  }

  @Test
  void namespacedModeGrantsTheSameInThoseNamespacesAndNothingElse() {
    var objects = Chart.renderWithAllRights("watchNamespaces={maps,shop}");
    assertThat(Chart.kinds(objects)).doesNotContainAnyElementsOf(CLUSTER_SCOPED);
    for (var namespace : List.of("maps", "shop")) {
      assertThat(Right.grantedBy(in(namespace, "Role", objects)))
          .containsExactlyInAnyOrderElementsOf(RbacNeeds.inServedNamespaces());
      var binding = in(namespace, "RoleBinding", objects);
      assertThat(binding.at("/roleRef/name").asText()).isEqualTo(NAME);
      assertThat(binding.path("subjects")).singleElement().satisfies(this::isTheOperator);
    }
    assertThat(
            objects.stream()
                .map(object -> object.at("/metadata/namespace").asText())
                .filter(namespace -> !namespace.isEmpty()))
        .containsOnly(Chart.NAMESPACE, "maps", "shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"replicas=2", "watchNamespaces={maps}"})
  void leaseAndSealAreTheOnlyRightsInTheOwnNamespace(String mode) {
    var role = in(Chart.NAMESPACE, "Role", Chart.render(mode));
    assertThat(Right.grantedBy(role))
        .containsExactlyInAnyOrder(
            new Right("coordination.k8s.io", "leases", "create"),
            new Right("coordination.k8s.io", "leases", "get"),
            new Right("coordination.k8s.io", "leases", "patch"),
            // Not used, but JOSDK refuses to start without it.
            new Right("coordination.k8s.io", "leases", "update"),
            new Right("", "secrets", "create"),
            new Right("", "secrets", "get"));
    assertThat(role.at("/rules/1/resourceNames")).hasSize(1);
    assertThat(role.at("/rules/3/resourceNames").toString())
        .isEqualTo("[\"" + SealKey.SECRET + "\"]");
  }

  @Test
  void rightsAreNeverGrantedByWildcard() {
    assertThat(Chart.render().toString()).doesNotContain("\"*\"");
  }

  @Test
  void keysAreMadeAndLogsReadOnlyWhereRestoresOfKeysAreSwitchedOn() {
    assertThat(Right.grantedBy(Chart.find(Chart.render(), "ClusterRole", NAME)))
        .noneMatch(right -> right.resource().equals("pods/log"))
        .noneMatch(right -> right.resource().equals("apikeys") && right.verb().equals("create"))
        .noneMatch(
            right -> right.resource().equals("originpolicies") && right.verb().equals("create"));
  }

  @Test
  void kindsThatAreNotInstalledAreNotGranted() {
    assertThat(Right.grantedBy(Chart.find(Chart.render(), "ClusterRole", NAME)))
        .extracting(Right::group)
        .doesNotContain("cert-manager.io", "gateway.networking.k8s.io", "monitoring.coreos.com");
  }

  /** Anyone who may list Secrets can read them all. */
  @Test
  void secretsAreNeitherListedNorWatched() {
    assertThat(Right.grantedBy(Chart.find(Chart.render(), "ClusterRole", NAME)))
        .filteredOn(right -> right.resource().equals("secrets"))
        .extracting(Right::verb)
        .containsExactlyInAnyOrder("get", "create", "update", "patch");
  }

  @Test
  void volumesSecretsAndDeploymentsCanNotBeDeleted() {
    var rights = Right.grantedBy(Chart.find(Chart.render(), "ClusterRole", NAME));
    assertThat(rights.stream().filter(right -> right.verb().equals("delete")).map(Right::resource))
        .isNotEmpty()
        .doesNotContain("secrets", "persistentvolumeclaims", "deployments", "apikeys");
    assertThat(rights).noneMatch(right -> right.verb().equals("deletecollection"));
  }

  @Test
  void whoRunsInstancesCanNotRequestKeysAndTheOtherWayRound() {
    var objects = Chart.render();
    var editor = Right.grantedBy(Chart.find(objects, "ClusterRole", "mapwright-editor"));
    var requester = Right.grantedBy(Chart.find(objects, "ClusterRole", "mapwright-key-requester"));
    var viewer = Right.grantedBy(Chart.find(objects, "ClusterRole", "mapwright-viewer"));
    assertThat(written(editor))
        .containsExactlyInAnyOrder(
            "mapwrightinstances", "mapwrightinstances/scale", "originpolicies");
    assertThat(written(requester)).containsExactly("apikeys");
    assertThat(written(viewer)).isEmpty();
    assertThat(requester).contains(Right.to("create", ApiKey.class));
  }

  @Test
  void keyRequestsAreNotPartOfEdit() {
    var objects = Chart.render();
    assertThat(aggregation(objects, "mapwright-viewer")).containsExactly("view", "edit", "admin");
    assertThat(aggregation(objects, "mapwright-editor")).containsExactly("edit", "admin");
    assertThat(aggregation(objects, "mapwright-key-requester")).containsExactly("admin");
    assertThat(aggregation(Chart.render("userRoles.aggregate=false"), "mapwright-viewer"))
        .isEmpty();
  }

  private static List<String> written(Set<Right> rights) {
    return rights.stream()
        .filter(right -> !Set.of("get", "list", "watch").contains(right.verb()))
        .map(Right::resource)
        .distinct()
        .toList();
  }

  private static List<String> aggregation(List<JsonNode> objects, String role) {
    var labels = Chart.find(objects, "ClusterRole", role).at("/metadata/labels").properties();
    return labels.stream()
        .map(label -> label.getKey())
        .filter(key -> key.contains("/aggregate-to-"))
        .map(key -> key.substring(key.lastIndexOf('-') + 1))
        .toList();
  }

  private void isTheOperator(JsonNode subject) {
    assertThat(subject.path("kind").asText()).isEqualTo("ServiceAccount");
    assertThat(subject.path("name").asText()).isEqualTo(NAME);
    assertThat(subject.path("namespace").asText()).isEqualTo(Chart.NAMESPACE);
  }

  private static JsonNode in(String namespace, String kind, List<JsonNode> objects) {
    var found =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals(kind))
            .filter(object -> object.at("/metadata/namespace").asText().equals(namespace))
            .toList();
    assertThat(found).as(kind + " in " + namespace).hasSize(1);
    return found.getFirst();
  }
}
