package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Commands around the reading of the data. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Hooks(
    @JsonPropertyDescription("Runs first; if it fails, nothing is backed up.")
        @Nullable Hook before,
    @JsonPropertyDescription("Runs once the data is read, whether or not that succeeded.")
        @Nullable Hook after) {}
