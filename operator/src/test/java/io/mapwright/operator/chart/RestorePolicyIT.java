package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Given;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may have a restore make keys: real requests, by the chart's roles and its policy. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestorePolicyIT {
  private static final String EDITOR = "restore-editor";
  private static final String BOTH = "restore-admin";
  private static final List<String> ROLES = List.of("mapwright-editor", "mapwright-key-requester");
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String ELSEWHERE =
      "restore: {id: once, from: {repository: {volume: {existingClaim: mine}}, passwordSecretRef: {name: mine, key: password}}}\n";
  private static final String BACKUP =
      "server: {image: \"maps:1\", volume: {size: 1Gi}}\nbackup: {schedule: \"@daily\", repository: {volume: {size: 1Gi}}}\n";

  private final ApiServer.Running server;
  private final String namespace;
  private List<GenericKubernetesResource> policy = List.of();

  RestorePolicyIT(ApiServer.Running server) {
    this.server = server;
    namespace = server.namespace("restores");
  }

  @BeforeAll
  void policyHolds() {
    var chart = Chart.render();
    policy =
        chart.stream()
            .filter(object -> object.path("kind").asText().startsWith("ValidatingAdmissionPolicy"))
            .filter(object -> object.at("/metadata/name").asText().endsWith("-restore-keys"))
            .map(object ->
                Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
            .toList();
    assertThat(policy).hasSize(2);
    policy.forEach(object -> server.admin().resource(object).serverSideApply());
    for (var role : ROLES) {
      server
          .admin()
          .resource(
              Serialization.unmarshal(
                  Chart.find(chart, "ClusterRole", role).toString(), ClusterRole.class))
          .serverSideApply();
    }
    bind(EDITOR, "mapwright-editor");
    bind(BOTH, "mapwright-editor");
    bind(BOTH, "mapwright-key-requester");
    try (var editor = server.as(EDITOR)) {
      await("the policy holds")
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              refused(() -> editor.resource(instance("probe", ELSEWHERE)).dryRun(true).create()));
    }
  }

  @AfterAll
  void takeThePolicyAway() {
    policy.forEach(object -> server.admin().resource(object).delete());
    ROLES.forEach(role -> server.admin().rbac().clusterRoles().withName(role).delete());
  }

  @Test
  void editorRestoresDataAndNoKeys() {
    try (var editor = server.as(EDITOR)) {
      assertThat(refused(() -> create(editor, "from", ELSEWHERE))).isTrue();
      assertThat(refused(() -> create(editor, "own", "restore: {id: once, keys: Recreate}\n")))
          .isTrue();
      create(editor, "leaves", ELSEWHERE.replace("once,", "once, keys: Leave,"));
      create(editor, "in-place", "restore: {id: once}\n");
      assertThat(refused(() -> patch(editor, "in-place", "{\"restore\":{\"keys\":\"Recreate\"}}")))
          .isTrue();
      assertThat(
              refused(() -> patch(editor, "leaves", "{\"restore\":{\"id\":\"2\",\"keys\":null}}")))
          .isTrue();
    }
  }

  @Test
  void whoMayMakeKeysMayHaveThemMadeAgain() {
    try (var both = server.as(BOTH)) {
      create(both, "asked", ELSEWHERE);
      create(both, "asked-own", "restore: {id: once, keys: Recreate}\n");
    }
  }

  @Test
  void editorGoesOnWithARestoreThatSomebodyElseAskedForButDoesNotTurnIt() {
    server.admin().resource(instance("theirs", "restore: {id: once, keys: Recreate}\n")).create();
    var elsewhere =
        "{\"backup\":{\"repository\":{\"volume\":{\"size\":null,\"existingClaim\":\"mine\"}}}}";
    try (var editor = server.as(EDITOR)) {
      patch(editor, "theirs", "{\"hosts\":[\"theirs.example.com\"]}");
      assertThat(refused(() -> patch(editor, "theirs", elsewhere))).isTrue();
      assertThat(refused(() -> patch(editor, "theirs", "{\"backup\":{\"image\":\"mine:1\"}}")))
          .isTrue();
      assertThat(
              refused(() -> patch(editor, "theirs", "{\"restore\":{\"snapshot\":\"deadbeef\"}}")))
          .isTrue();
      server
          .admin()
          .resources(MapwrightInstance.class)
          .inNamespace(namespace)
          .withName("theirs")
          .subresource("status")
          .patch(MERGE, "{\"status\":{\"restore\":{\"id\":\"once\",\"phase\":\"Done\"}}}");
      patch(editor, "theirs", elsewhere);
      assertThat(refused(() -> patch(editor, "theirs", "{\"restore\":{\"id\":\"twice\"}}")))
          .isTrue();
      patch(editor, "theirs", "{\"restore\":null}");
    }
  }

  private void bind(String user, String role) {
    server
        .admin()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(user + "-" + role)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build())
        .create();
  }

  private MapwrightInstance instance(String name, String more) {
    var spec = Given.SMALLEST.replaceFirst("server:.*\n", "") + BACKUP + more;
    var instance = Given.instance(name, spec);
    instance.getMetadata().setNamespace(namespace);
    instance.getMetadata().setResourceVersion(null);
    return instance;
  }

  private void create(KubernetesClient client, String name, String more) {
    client.resource(instance(name, more)).create();
  }

  private void patch(KubernetesClient client, String name, String spec) {
    client
        .resources(MapwrightInstance.class)
        .inNamespace(namespace)
        .withName(name)
        .patch(MERGE, "{\"spec\":" + spec + "}");
  }

  private static boolean refused(Runnable request) {
    try {
      request.run();
      return false;
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isEqualTo(403);
      assertThat(e.getMessage()).contains("restore.keys");
      return true;
    }
  }
}
