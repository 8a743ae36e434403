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
        "self.origins.all(o, !(o.startsWith('https://') ? o.endsWith(':443') : o.endsWith(':80')) || (oldSelf.hasValue() && o in oldSelf.value().origins))",
    message =
        "leave out the scheme's default port, :443 for https and :80 for http: browsers never send it",
    fieldPath = ".origins",
    optionalOldSelf = true)
@SchemaCustomizer(value = ListTypes.class, input = "origins=set")
@SchemaCustomizer(value = Forms.class, input = "origins=ORIGIN")
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
    @JsonPropertyDescription("CORS headers for browsers.") @Nullable Cors cors) {}
