package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** A copy of the data volume that the storage makes for one backup. */
@SchemaCustomizer(value = Quantities.class, input = "size")
@SchemaCustomizer(value = Forms.class, input = "size=SIZE")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VolumeClone(
    @JsonPropertyDescription(
            "Size of the clone, at least that of the data volume. Default: server.volume.size.")
        @Nullable Quantity size,
    @JsonPropertyDescription(
            "Storage class of the clone, whose driver must be that of the data volume. Default: server.volume.storageClassName, else the cluster's default.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String storageClassName) {}
