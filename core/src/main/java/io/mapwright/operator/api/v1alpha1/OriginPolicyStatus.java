package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed. */
@SchemaCustomizer(value = ListTypes.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OriginPolicyStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("How many keys use the policy.") @Nullable Integer keys,
    @JsonPropertyDescription("What the operator observed, one condition per aspect.")
        @Nullable List<Condition> conditions) {
  /** What the schema puts in the place of a status that the operator has not written yet. */
  static final OriginPolicyStatus UNSEEN = new OriginPolicyStatus(-1L, null, null);
}
