package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metrics of the gateway. */
@SchemaCustomizer(value = ListTypes.class, input = "scrapeFrom=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Monitoring(
    @JsonPropertyDescription("Who may reach the metrics port. Default: nobody.") @Size(max = 16)
        @Nullable List<Peer> scrapeFrom,
    @JsonPropertyDescription("Makes a ServiceMonitor.") @Nullable ServiceMonitor serviceMonitor) {}
