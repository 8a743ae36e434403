package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How a run of a job ended. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RunStatus(
    @JsonPropertyDescription("The pod it ran in.") @Nullable String pod,
    @JsonPropertyDescription("When it ended.") @Nullable String finishedAt,
    @JsonPropertyDescription("The stage that failed; done if none did.") @Nullable String stage,
    @JsonPropertyDescription("Exit code of that stage.") @Nullable Integer exitCode) {}
