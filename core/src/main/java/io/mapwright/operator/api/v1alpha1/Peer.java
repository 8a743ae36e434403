package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network peer: a CIDR, or pods by namespace and pod labels. */
@ValidationRule(
    value = "has(self.cidr) != (has(self.namespaceLabels) || has(self.podLabels))",
    message = "peer: set either cidr, or namespaceLabels and/or podLabels")
@ValidationRule(
    value = "!has(self.cidr) || isCIDR(self.cidr)",
    message = "peer.cidr: must be a CIDR such as 10.0.0.0/8")
@SchemaCustomizer(value = ListTypes.class, input = "ports=set")
@SchemaCustomizer(value = Forms.class, input = "namespaceLabels=LABEL;podLabels=LABEL")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Peer(
    @JsonPropertyDescription("Addresses, as a CIDR.") @Size(min = 3, max = 43)
        @Nullable String cidr,
    @JsonPropertyDescription(
            "Labels of the namespaces whose pods are meant. An empty or missing map with podLabels set means the instance's own namespace.")
        @Size(max = 16)
        @Nullable Map<String, String> namespaceLabels,
    @JsonPropertyDescription("Labels of the pods that are meant.") @Size(max = 16)
        @Nullable Map<String, String> podLabels,
    @JsonPropertyDescription(
            "TCP ports, for network.dns also UDP. Default: all, for network.dns 53. Used for egress only.")
        @Size(min = 1, max = 32)
        @Nullable List<@Min(1) @Max(65535) Integer> ports) {}
