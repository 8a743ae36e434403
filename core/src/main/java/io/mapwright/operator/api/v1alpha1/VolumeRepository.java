package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * A volume that holds the repository. It protects against deleted data, not against a lost cluster.
 */
@ValidationRule(
    value = "has(self.size) != has(self.existingClaim)",
    message = "repository.volume: set exactly one of size and existingClaim")
@SchemaCustomizer(value = Quantities.class, input = "size")
@SchemaCustomizer(value = Forms.class, input = "size=SIZE")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VolumeRepository(
    @JsonPropertyDescription(
            "Size of the claim that the operator makes and never deletes, such as 20Gi.")
        @Nullable Quantity size,
    @JsonPropertyDescription("Storage class of that claim; the cluster's default if unset.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String storageClassName,
    @JsonPropertyDescription("Name of an existing claim, instead of size.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String existingClaim) {}
