package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One environment variable of the map server. */
@ValidationRule(
    value = "has(self.value) != has(self.secretKeyRef)",
    message = "env: set exactly one of value and secretKeyRef")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EnvVar(
    @JsonPropertyDescription("Name of the variable.")
        @Size(min = 1, max = 253)
        @Pattern("^[-._a-zA-Z][-._a-zA-Z0-9]*$")
        @Required
        String name,
    @JsonPropertyDescription(
            "Value, in the clear. Use secretKeyRef for anything that must not be read by everybody who may read the instance.")
        @Size(max = 32768)
        @Nullable String value,
    @JsonPropertyDescription("Takes the value from a key of a Secret.")
        @Nullable SecretKeyRef secretKeyRef) {}
