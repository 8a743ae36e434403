package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One more backup when the instance is deleted. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FinalBackup(
    @JsonPropertyDescription(
            "How long the deletion waits for it, such as 30m; then the instance is deleted without it. Default: "
                + Defaults.FINAL_BACKUP_TIMEOUT
                + ".")
        @Size(min = 2, max = 8)
        @Pattern("^[1-9][0-9]{0,5}(s|m|h)$")
        @Nullable String timeout) {}
