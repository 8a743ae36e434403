package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The decision log of the gateway. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Audit(
    @JsonPropertyDescription("Full, Truncated (/24 and /48) or None. Default: Truncated.")
        @Nullable ClientAddressLog clientAddress) {}
