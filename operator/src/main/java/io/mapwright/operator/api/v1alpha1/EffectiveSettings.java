package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Settings in force, defaults included. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveSettings(
    @JsonPropertyDescription("Image of the gateway.") @Nullable String gatewayImage,
    @JsonPropertyDescription("Image of the map server.") @Nullable String serverImage,
    @JsonPropertyDescription("Default limit of a key, in requests per second.")
        @Nullable Integer requestsPerSecond,
    @JsonPropertyDescription("Default limit of a key within one second.") @Nullable Integer burst,
    @JsonPropertyDescription("How the gateway is reached.") @Nullable String exposure) {}
