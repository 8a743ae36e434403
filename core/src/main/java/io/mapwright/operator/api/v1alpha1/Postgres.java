package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL database that is dumped beside the files. */
@SchemaCustomizer(value = ListTypes.class, input = "egressTo=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Postgres(
    @JsonPropertyDescription(
            "Image with PostgreSQL's programs and a shell, of the server's own major version: a backup with another one fails. For drills it must have the extensions of the database. Default: "
                + Defaults.POSTGRES_IMAGE
                + ".")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Nullable String image,
    @JsonPropertyDescription(
            "Secret key that holds the connection URL of an account that may read all, and for a restore write all. Default: server.database.urlSecretRef.")
        @Nullable SecretKeyRef urlSecretRef,
    @JsonPropertyDescription(
            "How the pods of backups and restores reach the database. Default: network.egressTo, as the map server reaches it.")
        @Size(max = 16)
        @Nullable List<Peer> egressTo) {}
