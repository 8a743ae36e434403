package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the gateway is reached from outside the cluster. */
@ValidationRule(
    value = "(has(self.type) && self.type == 'HTTPRoute') == has(self.parentRefs)",
    message = "exposure: parentRefs is needed for, and only for, type HTTPRoute")
@ValidationRule(
    value = "!has(self.ingressClassName) || (has(self.type) && self.type == 'Ingress')",
    message = "exposure: ingressClassName needs type Ingress")
@ValidationRule(
    value =
        "!has(self.loadBalancerSourceRanges) || (has(self.type) && self.type == 'LoadBalancer')",
    message = "exposure: loadBalancerSourceRanges needs type LoadBalancer")
@ValidationRule(
    value =
        "!has(self.loadBalancerSourceRanges) || self.loadBalancerSourceRanges.all(c, isCIDR(c))",
    message =
        "loadBalancerSourceRanges: each entry must be a CIDR such as 10.0.0.0/8 or 2001:db8::/32")
@SchemaCustomizer(value = ListTypes.class, input = "parentRefs=atomic;loadBalancerSourceRanges=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Exposure(
    @JsonPropertyDescription("ClusterIP, LoadBalancer, Ingress or HTTPRoute. Default: ClusterIP.")
        @Nullable ExposureType type,
    @JsonPropertyDescription("Class of the Ingress; the cluster's default if unset.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String ingressClassName,
    @JsonPropertyDescription(
            "Gateways that the HTTPRoutes attach to; there is one for every 16 host names, as many as it takes.")
        @Size(min = 1, max = 8)
        @Nullable List<ParentRef> parentRefs,
    @JsonPropertyDescription(
            "Annotations of the Service, Ingress or HTTPRoute, for cloud load balancers, external-dns and the like.")
        @Size(max = 32)
        @Nullable Map<String, String> annotations,
    @JsonPropertyDescription("Client addresses that the load balancer admits, as CIDRs.")
        @Size(min = 1, max = 64)
        @Nullable List<@Size(min = 3, max = 43) String> loadBalancerSourceRanges) {}
