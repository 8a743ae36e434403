package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What is known of the backups. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackupStatus(
    @JsonPropertyDescription("When a backup last ended well.") @Nullable String lastSuccessfulTime,
    @JsonPropertyDescription("When a backup was last started.") @Nullable String lastScheduleTime,
    @JsonPropertyDescription("Where the repository is.") @Nullable String repository) {}
