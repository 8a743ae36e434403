package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Names one key of a Secret in the same namespace. */
@SchemaCustomizer(value = Forms.class, input = "key=DATA_KEY")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SecretKeyRef(
    @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Required
        String name,
    @JsonPropertyDescription("Key in the Secret's data.") @Size(min = 1, max = 253) @Required
        String key) {}
