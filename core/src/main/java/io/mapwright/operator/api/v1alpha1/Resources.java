package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CPU and memory of a container, as in a Pod. */
@SchemaCustomizer(value = Quantities.class, input = "requests;limits")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resources(
    @JsonPropertyDescription("What the scheduler reserves, by resource name.") @Size(max = 8)
        @Nullable Map<String, Quantity> requests,
    @JsonPropertyDescription("What the container may use at most, by resource name.") @Size(max = 8)
        @Nullable Map<String, Quantity> limits) {}
