package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a new server.image is brought in. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Updates(
    @JsonPropertyDescription("When a new image may be rolled out. Unset: at once.")
        @Nullable MaintenanceWindow window,
    @JsonPropertyDescription(
            "Whether a backup must succeed before a new image is rolled out. Default: false.")
        @Nullable Boolean backupFirst,
    @JsonPropertyDescription(
            "Whether a new image that fails is rolled back to the last proven one. Default: true.")
        @Nullable Boolean rollback,
    @JsonPropertyDescription(
            "How long a new image may take until all pods are ready and every probe path answers, such as 10m. Default: "
                + Defaults.UPDATE_DEADLINE
                + ".")
        @Size(min = 2, max = 8)
        @Pattern("^[1-9][0-9]{0,5}(s|m|h)$")
        @Nullable String deadline,
    @JsonPropertyDescription(
            "Paths of the map server that must answer 200 with content from every pod before a new image counts as proven, such as a style and a tile. Default: only server.healthPath.")
        @Size(min = 1, max = 8)
        @Nullable
            List<
                @Size(min = 1, max = 255) @Pattern("^(/[A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*)+/?$")
                String>
            probePaths,
    @JsonPropertyDescription("Any text; changing it retries an image that has failed.")
        @Size(max = 64)
        @Nullable String retry) {}
