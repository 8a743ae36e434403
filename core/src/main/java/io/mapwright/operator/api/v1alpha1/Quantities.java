package io.mapwright.operator.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * Lets only what can be read as a quantity into the fields that are named in the input, separated
 * by semicolons. One stored object that cannot be read would keep an informer from listing any.
 */
public final class Quantities implements SchemaCustomizer.Customizer {
  /** Kubernetes' own form, without a sign and within bounds that can be counted with. */
  static final String PATTERN =
      "^([0-9]{1,19}(\\.[0-9]{0,9})?|\\.[0-9]{1,9})([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?$";

  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
    for (var field : List.of(input.split(";", -1))) {
      var property = schema.getProperties().get(field);
      if (property == null) {
        throw new IllegalArgumentException("no field " + field + " to set a pattern on");
      }
      var values = property.getAdditionalProperties();
      (values == null ? property : values.getSchema()).setPattern(PATTERN);
    }
    return schema;
  }
}
