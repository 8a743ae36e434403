package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Names a cert-manager issuer. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IssuerRef(
    @JsonPropertyDescription("Name of the issuer.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Required
        String name,
    @JsonPropertyDescription("Issuer (same namespace) or ClusterIssuer. Default: Issuer.")
        @Nullable IssuerKind kind,
    @JsonPropertyDescription(
            "API group of an external issuer. Default: " + Defaults.ISSUER_GROUP + ".")
        @Size(max = 253)
        @Nullable String group) {}
