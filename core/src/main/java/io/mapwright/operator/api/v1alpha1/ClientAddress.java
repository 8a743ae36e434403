package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the gateway learns the client's address when a load balancer or proxy stands in front. */
@ValidationRule(
    value = "(self.source == 'Direct') != has(self.trustedCidrs)",
    message =
        "clientAddress: trustedCidrs is needed for, and only for, ProxyProtocol and Forwarded")
@ValidationRule(
    value = "!has(self.trustedCidrs) || self.trustedCidrs.all(c, isCIDR(c))",
    message = "trustedCidrs: each entry must be a CIDR such as 10.0.0.0/8 or 2001:db8::/32")
@SchemaCustomizer(value = ListTypes.class, input = "trustedCidrs=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientAddress(
    @JsonPropertyDescription(
            "Direct: the connection's address. ProxyProtocol: PROXY protocol header from trustedCidrs. Forwarded: X-Forwarded-For from trustedCidrs only. Default: Direct.")
        @Required
        ClientAddressSource source,
    @JsonPropertyDescription("Addresses of the trusted proxies.") @Size(min = 1, max = 64)
        @Nullable List<@Size(min = 3, max = 43) String> trustedCidrs) {}
