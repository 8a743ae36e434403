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
            "The image that was last proven to serve; what a failed update comes back to.")
        @Nullable String provenImage,
    @JsonPropertyDescription("The image that is being brought in.") @Nullable String target,
    @JsonPropertyDescription("When the present phase began.") @Nullable String since,
    @JsonPropertyDescription(
            "The image that failed; it is not tried again until server.image or updates.retry changes.")
        @Nullable String failedImage,
    @JsonPropertyDescription("What was seen of the failure.") @Nullable String failure,
    @JsonPropertyDescription("The updates.retry that was last acted on.")
        @Nullable String observedRetry) {}
