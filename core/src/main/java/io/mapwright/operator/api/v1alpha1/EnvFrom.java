package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Takes all entries of a Secret or ConfigMap as environment variables. */
@ValidationRule(
    value = "has(self.secretRef) != has(self.configMapRef)",
    message = "envFrom: set exactly one of secretRef and configMapRef")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EnvFrom(
    @JsonPropertyDescription("Secret whose entries become variables.") @Nullable LocalRef secretRef,
    @JsonPropertyDescription("ConfigMap whose entries become variables.")
        @Nullable LocalRef configMapRef) {}
