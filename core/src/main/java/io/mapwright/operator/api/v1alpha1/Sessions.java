package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Console sessions. */
@SchemaCustomizer(value = Forms.class, input = "maxAge=SESSION")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Sessions(
    @JsonPropertyDescription(
            "How often the key that signs session cookies changes, such as 24h or 30d; sessions survive one change. Default: "
                + Defaults.SESSION_ROTATION
                + ".")
        @Size(min = 2, max = 8)
        @Pattern("^[1-9][0-9]{0,5}(s|m|h|d)$")
        @Nullable String rotateEvery,
    @JsonPropertyDescription(
            "How long a session cookie is accepted after it was issued, at most 7d. Default: "
                + Defaults.SESSION_MAX_AGE
                + ".")
        @Size(min = 2, max = 8)
        @Nullable String maxAge) {}
