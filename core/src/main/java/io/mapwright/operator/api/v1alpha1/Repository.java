package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the restic repository is. */
@ValidationRule(
    value =
        "[has(self.s3), has(self.rest), has(self.sftp), has(self.volume)].filter(x, x).size() == 1",
    message = "backup.repository: set exactly one of s3, rest, sftp and volume")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Repository(
    @JsonPropertyDescription("A bucket of an S3-compatible server.") @Nullable S3 s3,
    @JsonPropertyDescription("A restic REST server.") @Nullable Rest rest,
    @JsonPropertyDescription("A folder on an SSH server.") @Nullable Sftp sftp,
    @JsonPropertyDescription("A volume in the cluster.") @Nullable VolumeRepository volume) {}
