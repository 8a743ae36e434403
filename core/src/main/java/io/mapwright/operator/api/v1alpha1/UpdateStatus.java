package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What is known of the server's image. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UpdateStatus(
    @JsonPropertyDescription(
            "Current, Stopped, WaitingForWindow, BackingUp, RollingOut, RolledBack or Failed.")
        @Nullable UpdatePhase phase,
    @JsonPropertyDescription(
            "The image that was last proven to serve; a failed update rolls back to it.")
        @Nullable String provenImage,
    @JsonPropertyDescription("The image that is being rolled out.") @Nullable String target,
    @JsonPropertyDescription("When the current phase started.") @Nullable String since,
    @JsonPropertyDescription(
            "The image that failed; it is not retried until server.image or updates.retry changes.")
        @Nullable String failedImage,
    @JsonPropertyDescription("What is known about the failure.") @Nullable String failure,
    @JsonPropertyDescription("The updates.retry that was last acted on.")
        @Nullable String observedRetry) {}
