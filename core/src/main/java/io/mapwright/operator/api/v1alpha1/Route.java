package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Maps a path prefix to the scope that it needs. */
@SchemaCustomizer(value = Forms.class, input = "pathPrefix=PREFIX")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Route(
    @JsonPropertyDescription("Path prefix, lower case; the longest match decides.")
        @Size(min = 2, max = 128)
        @Required
        String pathPrefix,
    @JsonPropertyDescription("Scope that a request below the prefix needs.") @Required
        Scope scope) {}
