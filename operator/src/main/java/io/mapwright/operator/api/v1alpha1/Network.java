package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may reach the instance and what it may reach. Everything else is cut. */
@SchemaCustomizer(value = ListTypes.class, input = "ingressFrom=atomic;egressTo=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Network(
    @JsonPropertyDescription("Who may reach the public ports. Default: anybody.")
        @Size(min = 1, max = 64)
        @Nullable List<Peer> ingressFrom,
    @JsonPropertyDescription(
            "What the map server may reach, for example its database. Default: nothing, not even DNS; DNS comes with the first entry.")
        @Size(max = 64)
        @Nullable List<Peer> egressTo) {}
