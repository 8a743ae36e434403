package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Where a minted key is delivered. */
@SchemaCustomizer(value = Forms.class, input = "key=DATA_KEY")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KeySecret(
    @JsonPropertyDescription(
            "Name of the Secret that the operator makes. Default: the name of the ApiKey followed by -key.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String name,
    @JsonPropertyDescription("Key in the Secret's data. Default: " + Defaults.DELIVERY_KEY + ".")
        @Size(min = 1, max = 253)
        @Nullable String key,
    @JsonPropertyDescription(
            "What happens when the Secret, or the key in it, is gone: Report reports it in the condition Delivered, and the key keeps working; Rotate delivers a new key, and the lost one keeps working for rotation.grace. Default: Report.")
        @Nullable OnLoss onLoss) {}
