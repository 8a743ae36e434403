package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where the map server keeps its data. */
@ValidationRule(
    value = "has(self.size) != has(self.existingClaim)",
    message = "volume: set exactly one of size and existingClaim")
@SchemaCustomizer(value = Quantities.class, input = "size")
@SchemaCustomizer(value = Forms.class, input = "size=SIZE")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Volume(
    @JsonPropertyDescription(
            "Size of the claim that the operator makes, such as 10Gi. Can grow if the storage class allows it; shrinking is refused by Kubernetes.")
        @Nullable Quantity size,
    @JsonPropertyDescription("Storage class of the claim; the cluster's default if unset.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String storageClassName,
    @JsonPropertyDescription(
            "Name of an existing claim, instead of size. The operator only mounts it.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String existingClaim,
    @JsonPropertyDescription(
            "Where the server finds its data. Default: " + Defaults.DATA_PATH + ".")
        @Size(min = 2, max = 255)
        @Pattern("^/[-._/a-zA-Z0-9]+$")
        @Nullable String mountPath,
    @JsonPropertyDescription(
            "Asks for access mode ReadWriteMany, which several replicas on several nodes need. Default: false (ReadWriteOnce).")
        @Nullable Boolean readWriteMany) {}
