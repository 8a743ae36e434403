package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ManagedFieldsTrimmerTest {
  private static final String WRITTEN_BY_TWO =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: tiles
        ownerReferences:
        - {apiVersion: mapwright.io/v1alpha1, kind: MapwrightInstance, name: tiles, uid: "1", controller: true}
        managedFields:
        - manager: mapwright-operator
          operation: Apply
          fieldsType: FieldsV1
          fieldsV1:
            f:data: {f:haproxy.cfg: {}}
            f:finalizers: {'v:"z"': {}, 'v:"a"': {}, 'v:"m"': {}}
            f:metadata: {f:ownerReferences: {'k:{"uid":"1"}': {}}}
        - manager: kubectl-edit
          operation: Update
          fieldsType: FieldsV1
          fieldsV1: {f:data: {f:mine: {}}}
      data: {haproxy.cfg: global, mine: kept}
      """;

  /** Some hundred of these, with our label, filled the operator's memory. */
  @Test
  void contentOfWhatIsNoInstancesIsNotKept() {
    for (var foreign :
        List.of(
            WRITTEN_BY_TWO.replace("controller: true", "controller: false"),
            WRITTEN_BY_TWO.replace("kind: MapwrightInstance", "kind: Deployment"))) {
      var object = ManagedFieldsTrimmer.keepOwn(Serialization.unmarshal(foreign, ConfigMap.class));
      assertThat(object.getData()).isEmpty();
      assertThat(object.getBinaryData()).isEmpty();
      assertThat(object.getMetadata().getName()).isEqualTo("tiles");
    }
  }

  @Test
  void ownWordIsKeptAsItIs() {
    var object =
        ManagedFieldsTrimmer.keepOwn(Serialization.unmarshal(WRITTEN_BY_TWO, ConfigMap.class));

    assertThat(object.getMetadata().getManagedFields())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getManager()).isEqualTo(Applier.FIELD_MANAGER);
          assertThat(entry.getFieldsV1().getAdditionalProperties())
              .isEqualTo(
                  Map.of(
                      "f:data",
                      Map.of("f:haproxy.cfg", Map.of()),
                      "f:finalizers",
                      Map.of("v:\"z\"", Map.of(), "v:\"a\"", Map.of(), "v:\"m\"", Map.of()),
                      "f:metadata",
                      Map.of("f:ownerReferences", Map.of("k:{\"uid\":\"1\"}", Map.of()))));
          assertThat(entry.getFieldsV1().getAdditionalProperties().get("f:finalizers"))
              .asInstanceOf(InstanceOfAssertFactories.MAP)
              .containsExactly(
                  Map.entry("v:\"z\"", Map.of()),
                  Map.entry("v:\"a\"", Map.of()),
                  Map.entry("v:\"m\"", Map.of()));
        });
    assertThat(object.getData()).containsOnlyKeys("haproxy.cfg", "mine");
  }

  @Test
  void othersObjectsKeepNobodysWord() {
    var object =
        ManagedFieldsTrimmer.removeAll(Serialization.unmarshal(WRITTEN_BY_TWO, ConfigMap.class));

    assertThat(object.getMetadata().getManagedFields()).isEmpty();
  }

  @Test
  void objectWithoutAnyStaysSo() {
    var object =
        ManagedFieldsTrimmer.keepOwn(
            Serialization.unmarshal(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", ConfigMap.class));

    assertThat(object.getMetadata().getManagedFields()).isEmpty();
  }
}
