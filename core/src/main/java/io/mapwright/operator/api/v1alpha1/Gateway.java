package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The gateway (HAProxy) beside each map server. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Gateway(
    @JsonPropertyDescription(
            "Image of HAProxy 2.6, 3.0, 3.2 or 3.4, built with Lua, that contains a shell (sh). Default: the operator's own setting, the official image's current LTS.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Nullable String image,
    @JsonPropertyDescription(
            "CPU and memory of the gateway. Default: requests of 100m and 64Mi, memory limit 256Mi.")
        @Nullable Resources resources,
    @JsonPropertyDescription("How the gateway learns the client's address.")
        @Nullable ClientAddress clientAddress,
    @JsonPropertyDescription(
            "Lets the server see the client's key as ?key=, for servers that write it into TileJSON and style URLs. Such answers are never cached across clients; keep URLs out of the server's own log. Default: false.")
        @Nullable Boolean keyPassthrough,
    @JsonPropertyDescription(
            "Reports who would have been limited, and limits nobody. Default: false.")
        @Nullable Boolean dryRunLimits,
    @JsonPropertyDescription(
            "Largest request body, in bytes. Default: " + Defaults.MAX_BODY_BYTES + ".")
        @Min(0)
        @Max(1073741824)
        @Nullable Integer maxBodyBytes,
    @JsonPropertyDescription(
            "Most connections of one client address. Default: "
                + Defaults.MAX_CONNECTIONS_PER_ADDRESS
                + ".")
        @Min(1)
        @Max(100000)
        @Nullable Integer maxConnectionsPerAddress,
    @JsonPropertyDescription(
            "How long a gateway without contact to the operator keeps accepting keys, at least 10m; after that it refuses them all, because it would not learn of a revocation. 0: forever. A change reaches running gateways. Default: "
                + Defaults.TABLE_MAX_AGE
                + ".")
        @Pattern("^(0|[1-9][0-9]{1,4}m|[1-9][0-9]{0,3}h|[1-9][0-9]{0,2}d)$")
        @Nullable String tableMaxAge) {}
