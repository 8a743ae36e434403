package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How many requests a key may make. */
@ValidationRule(
    value = "!has(self.burst) || self.burst >= self.requestsPerSecond",
    message = "rateLimit: burst must not be smaller than requestsPerSecond")
@ValidationRule(
    value =
        "!has(self.perClientRequestsPerSecond) || self.perClientRequestsPerSecond <= self.requestsPerSecond",
    message =
        "rateLimit: perClientRequestsPerSecond must not exceed requestsPerSecond, the limit of all clients of the key together")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RateLimit(
    @JsonPropertyDescription("Requests per second, averaged over ten seconds.")
        @Min(1)
        @Max(100000)
        @Required
        Integer requestsPerSecond,
    @JsonPropertyDescription(
            "Requests within one second; must allow a first map view (50 to 100 tiles). A route costs 5: with less, one route at a time is admitted. Default: "
                + Defaults.BURST_FACTOR
                + " times requestsPerSecond, at least "
                + Defaults.LEAST_BURST
                + ".")
        @Min(1)
        @Max(1000000)
        @Nullable Integer burst,
    @JsonPropertyDescription(
            "Requests per second for each client address that uses the key, at most requestsPerSecond. Unset: only the key's own limit counts.")
        @Min(1)
        @Max(100000)
        @Nullable Integer perClientRequestsPerSecond) {}
