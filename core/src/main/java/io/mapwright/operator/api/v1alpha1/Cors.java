package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** CORS headers for browsers. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Cors(
    @JsonPropertyDescription(
            "Lets pages send credentials along (fetch with credentials: include). Default: false.")
        @Nullable Boolean allowCredentials) {}
