package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The certificate that the gateway serves. */
@ValidationRule(
    value = "has(self.issuerRef) != has(self.secretName)",
    message = "tls: set exactly one of issuerRef and secretName")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tls(
    @JsonPropertyDescription(
            "cert-manager issuer that signs a certificate for spec.hosts and spec.controlPlane.hosts.")
        @Nullable IssuerRef issuerRef,
    @JsonPropertyDescription(
            "Secret of type kubernetes.io/tls that you provide and renew yourself, instead of issuerRef.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String secretName,
    @JsonPropertyDescription("Oldest TLS version accepted. Default: 1.2.")
        @Nullable TlsVersion minVersion) {}
