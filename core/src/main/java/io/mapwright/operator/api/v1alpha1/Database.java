package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A database that the map server reads. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Database(
    @JsonPropertyDescription(
            "Secret key that holds the connection URL, for example postgres://user:password@host:5432/name.")
        @Required
        SecretKeyRef urlSecretRef,
    @JsonPropertyDescription(
            "Environment variable that passes the URL to the server. Default: "
                + Defaults.DATABASE_VARIABLE
                + ".")
        @Size(min = 1, max = 253)
        @Pattern("^[_a-zA-Z][_a-zA-Z0-9]*$")
        @Nullable String envName) {}
