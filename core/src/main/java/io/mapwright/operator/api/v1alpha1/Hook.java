package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command in the pod of the backup, with the data volume at the map server's path. */
@SchemaCustomizer(value = ListTypes.class, input = "command=atomic;envFrom=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Hook(
    @JsonPropertyDescription("Image of the command; it needs /bin/sh. Default: server.image.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Nullable String image,
    @JsonPropertyDescription("Command and arguments. Its output is in the pod's log only.")
        @Size(min = 1, max = 64)
        @Required
        List<@Size(max = 4096) String> command,
    @JsonPropertyDescription("Secrets and ConfigMaps whose entries become environment variables.")
        @Size(max = 16)
        @Nullable List<EnvFrom> envFrom) {}
