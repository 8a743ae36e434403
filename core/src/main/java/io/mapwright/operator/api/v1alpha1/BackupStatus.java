package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What is known of the backups, most of it reported by the repository itself. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackupStatus(
    @JsonPropertyDescription("When a backup last succeeded.") @Nullable String lastSuccessfulTime,
    @JsonPropertyDescription("When a backup was last started.") @Nullable String lastScheduleTime,
    @JsonPropertyDescription("When two runs of the schedule have passed since then.")
        @Nullable String overdueAfter,
    @JsonPropertyDescription("Where the repository is.") @Nullable String repository,
    @JsonPropertyDescription("Since when backups go there.") @Nullable String repositorySince,
    @JsonPropertyDescription(
            "Secret with the repository's password. Keep a copy outside the cluster: without it no backup can be read.")
        @Nullable String passwordSecret,
    @JsonPropertyDescription("The newest snapshot in the repository.")
        @Nullable SnapshotStatus newest,
    @JsonPropertyDescription("Number of this instance's snapshots in the repository.")
        @Nullable Integer snapshots,
    @JsonPropertyDescription("Size of the repository, in bytes.") @Nullable Long repositoryBytes,
    @JsonPropertyDescription("When a check of the repository last found nothing wrong.")
        @Nullable String lastCheckTime,
    @JsonPropertyDescription("When two runs of the schedule of checks have passed since then.")
        @Nullable String checkOverdueAfter,
    @JsonPropertyDescription("When old snapshots were last removed.")
        @Nullable String lastPruneTime,
    @JsonPropertyDescription("Whether the last dump came from the database over TLS.")
        @Nullable Boolean databaseTls,
    @JsonPropertyDescription("How the newest run ended.") @Nullable RunStatus lastRun,
    @JsonPropertyDescription("What the last drill proved.") @Nullable DrillStatus drill) {}
