package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may request what. */
@ValidationRule(
    value = "!has(self.anonymousScopes) || !('admin' in self.anonymousScopes)",
    message = "access.anonymousScopes: admin cannot be anonymous")
@ValidationRule(
    value = "!has(self.routes) || self.routes.all(r, r.scope != 'admin')",
    message =
        "access.routes: the scope admin is given by controlPlane.pathPrefixes, not by a route")
@SchemaCustomizer(
    value = ListTypes.class,
    input = "anonymousScopes=set;allowedNamespaces=atomic;routes=map:pathPrefix")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Access(
    @JsonPropertyDescription("Scopes that need no key; admin is refused.") @Size(max = 4)
        @Nullable List<Scope> anonymousScopes,
    @JsonPropertyDescription(
            "Limit of a key that sets none. Default: "
                + Defaults.REQUESTS_PER_SECOND
                + " requests per second, burst "
                + Defaults.BURST
                + ".")
        @Nullable RateLimit defaultRateLimit,
    @JsonPropertyDescription(
            "Other namespaces whose ApiKeys may refer to this instance. The first entry that matches a namespace applies.")
        @Size(max = 256)
        @Nullable List<AllowedNamespace> allowedNamespaces,
    @JsonPropertyDescription(
            "Replaces the route map (path prefix to scope). Default: Mapwright's own paths and their usual aliases. A path outside the map is 404.")
        @Size(min = 1, max = 256)
        @Nullable List<Route> routes) {}
