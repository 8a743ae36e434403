package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The repository of another instance; it is only read. */
@ValidationRule(
    value = "!has(self.repository.volume) || has(self.repository.volume.existingClaim)",
    message = "restore.from.repository.volume: name an existingClaim; a new volume holds no backup")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RestoreSource(
    @JsonPropertyDescription("Where the repository is.") @Required Repository repository,
    @JsonPropertyDescription("Secret with the credentials for it, as backup.credentialsSecretRef.")
        @Nullable LocalRef credentialsSecretRef,
    @JsonPropertyDescription("Secret key that holds the password with which it was created.")
        @Required
        SecretKeyRef passwordSecretRef,
    @JsonPropertyDescription(
            "Namespace and name of the instance that was backed up, such as maps/tiles. Default: any whose snapshots are in the repository.")
        @Size(min = 3, max = 317)
        @Pattern("^[-a-z0-9]+/[-.a-z0-9]+$")
        @Nullable String instance) {}
