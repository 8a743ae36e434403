package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator that serves some namespaces, with rights in these only. */
@ExtendWith(ApiServer.class)
class NamespacedIT {
  private static final String OPERATOR = "system:serviceaccount:mapwright-system:namespaced";
  private static final String SPEC =
      """
      hosts: [%1$s.example.com]
      server: {image: "maps:1"}
      tls: {secretName: own-tls}
      access: {allowedNamespaces: [{namespace: %2$s}]}
      """;

  private final KubernetesClient client;
  private final Cluster open;
  private final Cluster closed;

  NamespacedIT(ApiServer.Running server) {
    client = server.as(OPERATOR);
    open = new Cluster(server.admin(), server.namespace("open"));
    closed = new Cluster(server.admin(), server.namespace("closed"));
    allow(new Cluster(server.admin(), Given.SETTINGS.namespace()));
    allow(open);
  }

  private static void allow(Cluster where) {
    where
        .client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("namespaced")
                .withNamespace(where.namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject()
                .withKind("User")
                .withApiGroup("rbac.authorization.k8s.io")
                .withName(OPERATOR)
                .endSubject()
                .build())
        .serverSideApply();
  }

  /** None was served for two minutes, and then none was for as long as one lacked its Role. */
  @Test
  void namespaceWithoutItsRoleKeepsNoOtherOneWaiting() {
    open.certificate("own-tls", open.namespace + ".example.com");
    closed.certificate("own-tls", closed.namespace + ".example.com");
    open.instance("tiles", SPEC.formatted(open.namespace, closed.namespace));
    open.key("own", "instanceRef: {name: tiles}\nscopes: [tiles]\n");
    closed.instance("tiles", SPEC.formatted(closed.namespace, "other"));
    closed.key(
        "guest",
        "instanceRef: {name: tiles, namespace: %s}\nscopes: [tiles]\n".formatted(open.namespace));
    try (var operator = Cluster.operator(client, open.namespace, closed.namespace)) {
      assertThat(operator.ready()).isTrue();
      open.until("its Deployment", Deployment.class, "tiles", _ -> true);
      state(open, "own", KeyState.Active);
      var told = open.untilInstance("tiles", ConditionType.Applied, "Forbidden");
      assertThat(Cluster.condition(told, ConditionType.Applied).getMessage())
          .contains("access.allowedNamespaces", closed.namespace, "watchNamespaces");
      assertThat(closed.get(ApiKey.class, "guest").getStatus()).isNull();

      allow(closed);
      state(closed, "guest", KeyState.Active);
      closed.until("its Deployment", Deployment.class, "tiles", _ -> true);
      open.untilInstance("tiles", ConditionType.Applied, "ObjectsApplied");
    }
  }

  private static void state(Cluster cluster, String key, KeyState state) {
    cluster.until(
        "the key is " + state,
        ApiKey.class,
        key,
        now -> now.getStatus() != null && now.getStatus().state() == state);
  }
}
