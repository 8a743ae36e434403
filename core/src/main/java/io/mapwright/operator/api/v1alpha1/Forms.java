package io.mapwright.operator.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets the {@link Form} of texts, or of those in a list or a map, so that the API server names the
 * field and says in words what is wrong with it. Input: {@code field=FORM}, separated by
 * semicolons. A value that did not change is not judged again, so what is stored already can be
 * edited elsewhere.
 */
public final class Forms implements SchemaCustomizer.Customizer {
  /** Maps are of labels; the API server computes what a rule may cost by the length of a value. */
  private static final long LABEL = 63;

  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
    for (var entry : List.of(input.split(";", -1))) {
      var field = entry.substring(0, entry.indexOf('='));
      var form = Form.valueOf(entry.substring(entry.indexOf('=') + 1));
      var property = schema.getProperties().get(field);
      if (property == null) {
        throw new IllegalArgumentException("no field " + field + " to set a form of");
      }
      var text = text(property);
      var rules = new ArrayList<>(text.getXKubernetesValidations());
      rules.add(new ValidationRuleBuilder().withRule(form.rule).withMessage(form.words).build());
      text.setXKubernetesValidations(rules);
    }
    return schema;
  }

  private static JSONSchemaProps text(JSONSchemaProps property) {
    if (property.getItems() != null) {
      return property.getItems().getSchema();
    }
    var values = property.getAdditionalProperties();
    if (values == null) {
      return property;
    }
    values.getSchema().setMaxLength(LABEL);
    return values.getSchema();
  }
}
