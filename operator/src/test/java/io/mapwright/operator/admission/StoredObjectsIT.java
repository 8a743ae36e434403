package io.mapwright.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.kube.ApiServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Objects that were stored before a rule was made: they still get their status, and can be edited
 * elsewhere. Tried with our kinds under a group of their own, stored without any rule, and then
 * given the rules of {@code crds/}.
 */
@ExtendWith(ApiServer.class)
class StoredObjectsIT {
  private static final String GROUP = "stored.mapwright.test";
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiServer.Running server;
  private final String namespace;

  StoredObjectsIT(ApiServer.Running server) {
    this.server = server;
    namespace = server.namespace("stored");
  }

  @AfterEach
  void removeKinds() {
    for (var crd : ApiServer.Running.crds()) {
      server
          .admin()
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(crd.getSpec().getNames().getPlural() + "." + GROUP)
          .delete();
    }
    server.admin().namespaces().withName(namespace).delete();
  }

  @Test
  void keyCanBeRevokedAndReported() {
    var key =
        stored(
            "ApiKey",
            """
            instanceRef: {name: tiles}
            scopes: [tiles]
            secret: {key: ".."}
            ttl: 999999d
            rateLimit: {requestsPerSecond: 1, perClientRequestsPerSecond: 2}
            rotation: {grace: 1s}
            """,
            "{\"spec\":{\"ttl\":\"999998d\"}}");
    assertThatCode(() -> key.patch(MERGE, "{\"spec\":{\"revoked\":true}}"))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> key.subresource("status").patch(MERGE, "{\"status\":{\"state\":\"Revoked\"}}"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> key.patch(MERGE, "{\"spec\":{\"rotation\":{\"grace\":\"2s\"}}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("nothing replaces the key");
  }

  @Test
  void originCanBeTakenOutBesideOneThatNoBrowserSends() {
    var policy =
        stored(
            "OriginPolicy",
            "origins: ['https://a.example.com:443', 'https://b.example.com']",
            "{\"spec\":{\"origins\":[\"https://c.example.com:443\"]}}");
    assertThatCode(
            () -> policy.patch(MERGE, "{\"spec\":{\"origins\":[\"https://a.example.com:443\"]}}"))
        .doesNotThrowAnyException();
  }

  @Test
  void instanceCanBeUpdatedAndReported() {
    var instance =
        stored(
            "MapwrightInstance",
            """
            hosts: [%s.example.com]
            server: {image: "maps:1", replicas: 2, autoscaling: {maxReplicas: 3}, healthPath: /a/../b, volume: {size: 0}}
            tls: {secretName: own}
            access: {routes: [{pathPrefix: /a/../b, scope: tiles}]}
            sessions: {maxAge: 8d}
            """
                .formatted("a".repeat(64)),
            "{\"spec\":{\"sessions\":{\"maxAge\":\"9d\"}}}");
    assertThatCode(() -> instance.patch(MERGE, "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}"))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> instance.subresource("status").patch(MERGE, "{\"status\":{\"replicas\":2}}"))
        .doesNotThrowAnyException();
  }

  /**
   * Stores an object without any rule, then has the rules come into force.
   *
   * @param refused a change that they forbid
   */
  private Resource<GenericKubernetesResource> stored(String kind, String spec, String refused) {
    var crd =
        ApiServer.Running.crds().stream()
            .filter(one -> one.getSpec().getNames().getKind().equals(kind))
            .findFirst()
            .orElseThrow();
    server.install(under(crd, false));
    var object = new GenericKubernetesResource();
    object.setApiVersion(GROUP + "/v1alpha1");
    object.setKind(kind);
    object.setMetadata(new ObjectMetaBuilder().withName("stored").withNamespace(namespace).build());
    object.setAdditionalProperty("spec", Serialization.unmarshal(spec, Map.class));
    var resource =
        server
            .admin()
            .genericKubernetesResources(GROUP + "/v1alpha1", kind)
            .inNamespace(namespace)
            .resource(object);
    resource.create();
    server.admin().resource(under(crd, true)).forceConflicts().serverSideApply();
    await("the rules are in force")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThatThrownBy(() -> resource.patch(MERGE, refused))
                .isInstanceOfSatisfying(
                    KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422)));
    return resource;
  }

  private static CustomResourceDefinition under(CustomResourceDefinition crd, boolean rules) {
    var ours =
        crd.edit()
            .editMetadata()
            .withName(crd.getSpec().getNames().getPlural() + "." + GROUP)
            .endMetadata()
            .editSpec()
            .withGroup(GROUP)
            .editNames()
            .withShortNames()
            .withCategories()
            .endNames()
            .endSpec()
            .build();
    if (rules) {
      return ours;
    }
    try {
      var tree = new ObjectMapper().readTree(Serialization.asJson(ours));
      strip(tree);
      return Serialization.unmarshal(tree.toString(), CustomResourceDefinition.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("x-kubernetes-validations");
    }
    node.forEach(StoredObjectsIT::strip);
  }
}
