package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Namespaces that are guests of an instance, and how far their ApiKeys may go. */
@ValidationRule(
    value = "has(self.namespace) != has(self.namespaceLabels)",
    message = "access.allowedNamespaces: set exactly one of namespace and namespaceLabels")
@ValidationRule(
    value = "!has(self.namespaceLabels) || size(self.namespaceLabels) > 0",
    message =
        "access.allowedNamespaces.namespaceLabels: name a label; an empty map would match all namespaces")
@SchemaCustomizer(value = ListTypes.class, input = "scopes=set")
@SchemaCustomizer(value = Forms.class, input = "namespaceLabels=LABEL")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AllowedNamespace(
    @JsonPropertyDescription("Name of one namespace.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Nullable String namespace,
    @JsonPropertyDescription(
            "Labels that a namespace must all have, instead of its name. Needs an operator that watches all namespaces.")
        @Size(max = 16)
        @Nullable Map<String, String> namespaceLabels,
    @JsonPropertyDescription(
            "Scopes that their keys may have; a key that asks for another is denied. Default: all but admin.")
        @Size(min = 1, max = 5)
        @Nullable List<Scope> scopes,
    @JsonPropertyDescription(
            "The most requests per second that each of their keys may make; a higher limit is cut to this. Unset: as the key says.")
        @Min(1)
        @Max(100000)
        @Nullable Integer maxRequestsPerSecond,
    @JsonPropertyDescription(
            "How many keys each of the namespaces may have on this instance; the oldest ones work, further ones are denied. Revoked ones are not counted. Unset: unlimited.")
        @Min(1)
        @Max(100000)
        @Nullable Integer maxKeys) {}
