package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A snapshot in a repository. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SnapshotStatus(
    @JsonPropertyDescription("Its short id.") @Nullable String id,
    @JsonPropertyDescription("When its data was read.") @Nullable String time,
    @JsonPropertyDescription("Size of its data, in bytes.") @Nullable Long bytes) {}
