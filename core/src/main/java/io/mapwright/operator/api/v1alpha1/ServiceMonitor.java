package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ServiceMonitor of the Prometheus operator. */
@SchemaCustomizer(value = Forms.class, input = "labels=LABEL")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceMonitor(
    @JsonPropertyDescription("Labels by which your Prometheus selects ServiceMonitors.")
        @Size(max = 16)
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription("Time between scrapes, such as 30s. Default: Prometheus's own.")
        @Size(min = 2, max = 8)
        @Pattern("^[1-9][0-9]{0,5}(s|m|h|d)$")
        @Nullable String interval) {}
