package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the last drill proved. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DrillStatus(
    @JsonPropertyDescription("When a restore was last proven.") @Nullable String lastProvenTime,
    @JsonPropertyDescription("When two runs of the schedule have passed since then.")
        @Nullable String overdueAfter,
    @JsonPropertyDescription("The snapshot that was proven.") @Nullable SnapshotStatus snapshot,
    @JsonPropertyDescription(
            "Seconds from the start of the restore to a server that answers: the recovery time.")
        @Nullable Long recoverySeconds,
    @JsonPropertyDescription(
            "Seconds between the snapshot and the drill: what would have been lost.")
        @Nullable Long lossSeconds,
    @JsonPropertyDescription("Number of paths that were answered, besides the health path.")
        @Nullable Integer checks,
    @JsonPropertyDescription("What the query gave in the restored database.")
        @Nullable Long rows) {}
