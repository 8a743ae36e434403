package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The decision log of the gateway. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Audit(
    @JsonPropertyDescription("Full, Truncated (/24 and /48) or None. Default: Truncated.")
        @Nullable ClientAddressLog clientAddress,
    @JsonPropertyDescription(
            "Maximum age of a line in the logs of the pods, such as 30d: pods are replaced, one after the other, before their first line is older. It is no minimum: collect logs to keep them. Unset: a node keeps the newest 50 MiB of each container, whatever their age.")
        @Size(min = 2, max = 6)
        @Pattern("^[1-9][0-9]{0,3}(h|d)$")
        @Nullable String retention) {}
