package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From which web pages a key may be used. */
@ValidationRule(
    value =
        "self.origins.all(o, o.matches('^(https://[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
            + "|https://[*]([.][a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}"
            + "|http://(localhost|127[.]0[.]0[.]1))"
            + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?$'))",
    message =
        "origins: each must be https://host, https://*.example.com or http://localhost, with an optional port, lower case, without path, user or trailing slash; an internationalised name in its xn-- form")
@SchemaCustomizer(value = ListTypes.class, input = "origins=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OriginPolicySpec(
    @JsonPropertyDescription(
            "Origins such as https://www.example.com, one-level wildcards such as https://*.example.com, and http://localhost:3000 for development.")
        @Size(min = 1, max = 256)
        @Required
        List<@Size(min = 1, max = 261) String> origins,
    @JsonPropertyDescription(
            "What happens to a request that names no origin, as native apps and servers send it. Default: Deny.")
        @Nullable MissingOrigin missingOrigin,
    @JsonPropertyDescription("What browsers are told.") @Nullable Cors cors) {}
