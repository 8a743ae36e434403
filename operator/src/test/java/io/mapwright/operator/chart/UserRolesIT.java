package io.mapwright.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.ApiServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may look, run instances and request keys: real requests as users who have one role each. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserRolesIT {
  private static final List<String> ROLES =
      List.of("mapwright-viewer", "mapwright-editor", "mapwright-key-requester");
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "instance", MapwrightInstance.class,
          "key", ApiKey.class,
          "policy", OriginPolicy.class,
          "secret", Secret.class,
          "pod", Pod.class);
  private static final Map<String, String> SPECS =
      Map.of(
          "instance",
          "hosts: [maps.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}",
          "key",
          "instanceRef: {name: tiles}\nscopes: [tiles]",
          "policy",
          "origins: [\"https://www.example.com\"]");

  private final ApiServer.Running server;
  private final String namespace;

  UserRolesIT(ApiServer.Running server) {
    this.server = server;
    namespace = server.namespace("roles");
  }

  @BeforeAll
  void everybodyHasOneRole() {
    var chart = Chart.render();
    for (var role : ROLES) {
      server
          .admin()
          .resource(
              Serialization.unmarshal(
                  Chart.find(chart, "ClusterRole", role).toString(), ClusterRole.class))
          .serverSideApply();
      server
          .admin()
          .resource(
              new RoleBindingBuilder()
                  .withNewMetadata()
                  .withName(role)
                  .withNamespace(namespace)
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                  .addNewSubject("rbac.authorization.k8s.io", "User", role, null)
                  .build())
          .create();
    }
    for (var kind : SPECS.keySet()) {
      server.admin().resource(object(kind, "there")).create();
    }
    server
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("there")
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("key", "a key"))
                .build())
        .create();
  }

  @AfterAll
  void takeTheRolesAway() {
    ROLES.forEach(role -> server.admin().rbac().clusterRoles().withName(role).delete());
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource({
    "viewer, get, instance, true",
    "viewer, get, key, true",
    "viewer, get, policy, true",
    "viewer, list, key, true",
    "viewer, get, secret, false",
    "viewer, list, secret, false",
    "viewer, create, key, false",
    "viewer, create, instance, false",
    "viewer, patch, key, false",
    "viewer, patch, policy, false",
    "viewer, delete, instance, false",
    "editor, get, instance, true",
    "editor, create, instance, true",
    "editor, patch, instance, true",
    "editor, delete, instance, true",
    "editor, create, policy, true",
    "editor, get, key, true",
    "editor, create, key, false",
    "editor, patch, key, false",
    "editor, delete, key, false",
    "editor, get, secret, false",
    "editor, status, instance, false",
    "key-requester, create, key, true",
    "key-requester, patch, key, true",
    "key-requester, delete, key, true",
    "key-requester, get, instance, true",
    "key-requester, create, instance, false",
    "key-requester, patch, instance, false",
    "key-requester, patch, policy, false",
    "key-requester, get, secret, false",
    "key-requester, list, secret, false",
    "key-requester, status, key, false",
    "key-requester, list, pod, false"
  })
  void roleAllowsWhatItIsFor(String user, String verb, String kind, boolean allowed) {
    try (var client = server.as("mapwright-" + user)) {
      assertThat(may(client, verb, kind)).isEqualTo(allowed);
    }
  }

  @ParameterizedTest
  @CsvSource({"viewer", "editor", "key-requester"})
  void roleOfOneNamespaceIsNoneElsewhere(String user) {
    try (var client = server.as("mapwright-" + user)) {
      assertThat(refused(() -> client.resources(ApiKey.class).inNamespace("default").list()))
          .isTrue();
    }
  }

  /** A trial that changes nothing: the server stops short of storing it. */
  private boolean may(KubernetesClient client, String verb, String kind) {
    var one = client.resources(KINDS.get(kind)).inNamespace(namespace).withName("there");
    return !refused(
        switch (verb) {
          case "get" -> one::get;
          case "list" -> () -> client.resources(KINDS.get(kind)).inNamespace(namespace).list();
          case "create" -> () -> client.resource(object(kind, "new")).dryRun(true).create();
          case "patch" ->
              () ->
                  one.dryRun(true)
                      .patch(
                          PatchContext.of(PatchType.JSON_MERGE),
                          "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
          case "delete" -> () -> one.dryRun(true).delete();
          case "status" -> () -> one.subresource("status").patch("{\"status\":{}}");
          default -> throw new IllegalArgumentException(verb);
        });
  }

  private static boolean refused(Runnable request) {
    try {
      request.run();
      return false;
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isEqualTo(403);
      return true;
    }
  }

  private HasMetadata object(String kind, String name) {
    var type = KINDS.get(kind);
    return Serialization.unmarshal(
        "apiVersion: mapwright.io/v1alpha1\nkind: %s\nmetadata: {name: %s, namespace: %s}\nspec:\n%s"
            .formatted(type.getSimpleName(), name, namespace, SPECS.get(kind).indent(2)),
        type);
  }
}
