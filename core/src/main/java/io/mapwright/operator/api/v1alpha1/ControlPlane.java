package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who reaches the console under /admin. Without it nobody does: every path under it is 404. */
@ValidationRule(
    value = "!has(self.allowedCidrs) || self.allowedCidrs.all(c, isCIDR(c))",
    message = "allowedCidrs: each entry must be a CIDR such as 10.0.0.0/8 or 2001:db8::/32")
@ValidationRule(
    value = "has(self.allowedCidrs) || has(self.clientCa)",
    message =
        "controlPlane: set allowedCidrs or clientCa: with hosts alone anyone who sends that Host header reaches the console. To open it to everybody on purpose write allowedCidrs: [0.0.0.0/0, '::/0']")
@ValidationRule(
    value =
        "!has(self.clientCa) || (self.clientCa.startsWith('-----BEGIN CERTIFICATE-----') && !self.clientCa.contains('PRIVATE KEY'))",
    message = "clientCa: paste PEM certificates, and no private key")
@SchemaCustomizer(value = ListTypes.class, input = "hosts=set;allowedCidrs=set;pathPrefixes=set")
@SchemaCustomizer(value = Forms.class, input = "hosts=HOST;pathPrefixes=PREFIX")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ControlPlane(
    @JsonPropertyDescription(
            "Host names on which the control plane answers; they must differ from spec.hosts.")
        @Size(min = 1, max = 16)
        @Required
        List<@Size(min = 1, max = 253) String> hosts,
    @JsonPropertyDescription(
            "Client addresses that may use it, as CIDRs; 0.0.0.0/0 and ::/0 mean everybody. Behind an Ingress or a Gateway these are the proxy's own unless gateway.clientAddress is set. Unset: any address, which needs clientCa.")
        @Size(min = 1, max = 64)
        @Nullable List<@Size(min = 3, max = 43) String> allowedCidrs,
    @JsonPropertyDescription(
            "Path prefixes that belong to the control plane. Default: "
                + Defaults.CONSOLE_PREFIX
                + ".")
        @Size(min = 1, max = 16)
        @Nullable List<@Size(min = 2, max = 128) String> pathPrefixes,
    @JsonPropertyDescription(
            "PEM certificates of an authority: clients must show a certificate that it signed, as a second factor besides host and address. Unset: none is required.")
        @Size(min = 64, max = 65536)
        @Nullable String clientCa) {}
