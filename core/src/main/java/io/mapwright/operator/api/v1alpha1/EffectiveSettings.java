package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings in force, defaults included. */
@SchemaCustomizer(value = ListTypes.class, input = "gatewayDigests=set;serverDigests=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveSettings(
    @JsonPropertyDescription("Image of the gateway.") @Nullable String gatewayImage,
    @JsonPropertyDescription("Image of the map server.") @Nullable String serverImage,
    @JsonPropertyDescription("Digests of the gateway images that run, as the nodes report them.")
        @Nullable List<String> gatewayDigests,
    @JsonPropertyDescription(
            "Digests of the map server's images that run, as the nodes report them.")
        @Nullable List<String> serverDigests,
    @JsonPropertyDescription("Default limit of a key, in requests per second.")
        @Nullable Integer requestsPerSecond,
    @JsonPropertyDescription("Default limit of a key within one second.") @Nullable Integer burst,
    @JsonPropertyDescription("How the gateway is reached.") @Nullable String exposure) {}
