package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Names a Gateway (Gateway API) that the route attaches to. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ParentRef(
    @JsonPropertyDescription("Name of the Gateway.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Required
        String name,
    @JsonPropertyDescription("Namespace of the Gateway; the own namespace if unset.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Nullable String namespace,
    @JsonPropertyDescription("Listener of the Gateway.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String sectionName) {}
