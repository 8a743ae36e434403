package io.mapwright.operator.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.TreeSet;

/**
 * Says how server-side apply merges the lists of a type, which the CRD generator has no annotation
 * for. Input: {@code field=set|atomic|map:key}, separated by semicolons.
 */
public final class ListTypes implements SchemaCustomizer.Customizer {
  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
    for (var entry : List.of(input.split(";", -1))) {
      var field = entry.substring(0, entry.indexOf('='));
      var type = entry.substring(entry.indexOf('=') + 1);
      var property = schema.getProperties().get(field);
      if (property == null) {
        throw new IllegalArgumentException("no field " + field + " to set a list type on");
      }
      if (type.startsWith("map:")) {
        var key = type.substring("map:".length());
        property.setXKubernetesListType("map");
        property.setXKubernetesListMapKeys(List.of(key));
        var items = property.getItems().getSchema();
        // The API server refuses a list map whose keys may be missing.
        var required = new TreeSet<>(items.getRequired());
        required.add(key);
        items.setRequired(List.copyOf(required));
      } else {
        property.setXKubernetesListType(type);
      }
    }
    return schema;
  }
}
