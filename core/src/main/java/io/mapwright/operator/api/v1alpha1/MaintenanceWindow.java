package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a new image may be rolled out. */
@SchemaCustomizer(value = ListTypes.class, input = "days=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MaintenanceWindow(
    @JsonPropertyDescription("Days on which the window opens. Default: every day.")
        @Size(min = 1, max = 7)
        @Nullable List<Weekday> days,
    @JsonPropertyDescription("When it opens, such as 02:30.")
        @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        @Size(max = 5)
        @Required
        String start,
    @JsonPropertyDescription(
            "How long it stays open, such as 3h, at most 24h. A rollout that has started is finished, or rolled back, after it closes.")
        @Pattern("^([1-9][0-9]{0,2}m|1[0-3][0-9]{2}m|14[0-3][0-9]m|1440m|[1-9]h|1[0-9]h|2[0-4]h)$")
        @Size(max = 5)
        @Required
        String duration,
    @JsonPropertyDescription(
            "Time zone of start, such as Europe/Oslo. Default: " + Defaults.TIME_ZONE + ".")
        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$")
        @Nullable String timeZone) {}
