package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The restore that was last requested. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RestoreStatus(
    @JsonPropertyDescription("Its id, as in spec.restore.") @Nullable String id,
    @JsonPropertyDescription("Its phase.") @Nullable RestorePhase phase,
    @JsonPropertyDescription("When it was started.") @Nullable String startedAt,
    @JsonPropertyDescription("When it ended.") @Nullable String finishedAt,
    @JsonPropertyDescription("What was restored.") @Nullable SnapshotStatus snapshot,
    @JsonPropertyDescription(
            "Whether a failure may have left incomplete data; then the map server stays stopped.")
        @Nullable Boolean incomplete,
    @JsonPropertyDescription("What happened and what to do.") @Nullable String message,
    @JsonPropertyDescription("Number of keys that were restored.")
        @Nullable Integer keysRecreated) {}
