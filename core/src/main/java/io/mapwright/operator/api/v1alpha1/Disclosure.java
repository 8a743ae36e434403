package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Contents of /.well-known/security.txt (RFC 9116). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Disclosure(
    @JsonPropertyDescription("Where to report a vulnerability: a mailto: or https: URI.")
        @Size(max = 256)
        @Pattern("^(mailto:[^\\s@]+@[^\\s@]+|https://[^\\s]+)$")
        @Required
        String contact,
    @JsonPropertyDescription("Your disclosure policy.")
        @Size(max = 256)
        @Pattern("^https://[^\\s]+$")
        @Nullable String policyUrl) {}
