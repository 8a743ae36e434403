package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A folder on an SSH server. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Sftp(
    @JsonPropertyDescription("Host name.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
        @Required
        String host,
    @JsonPropertyDescription("Port. Default: " + Defaults.SFTP_PORT + ".") @Min(1) @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription("User name.")
        @Size(min = 1, max = 64)
        @Pattern("^[-._a-zA-Z0-9]+$")
        @Required
        String user,
    @JsonPropertyDescription("Folder.")
        @Size(min = 1, max = 512)
        @Pattern("^[-._/a-zA-Z0-9]+$")
        @Required
        String path) {}
