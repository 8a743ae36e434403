package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Replaces the data, and the database if one is backed up, by what a snapshot holds. */
@ValidationRule(
    value = "!(has(self.snapshot) && has(self.time))",
    message = "restore: set snapshot or time, not both")
@SchemaCustomizer(value = Forms.class, input = "time=TIME_UTC")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Restore(
    @JsonPropertyDescription(
            "Any text. Each new one starts one restore; the same one never starts a second.")
        @Size(min = 1, max = 63)
        @Pattern("^[-._a-zA-Z0-9]+$")
        @Required
        String id,
    @JsonPropertyDescription("Id of the snapshot, or latest. Default: " + Defaults.SNAPSHOT + ".")
        @Pattern("^(latest|[0-9a-f]{8,64})$")
        @Nullable String snapshot,
    @JsonPropertyDescription(
            "Takes the newest snapshot up to this time, as an RFC 3339 time in UTC such as 2027-01-31T03:00:00Z.")
        @Size(max = 20)
        @Nullable String time,
    @JsonPropertyDescription(
            "Takes the data of another instance, for disaster recovery or a copy. Default: this instance's own.")
        @Nullable RestoreSource from,
    @JsonPropertyDescription(
            "Recreate creates the ApiKeys of the snapshot again, in digest form, so that clients keep using the keys they have; a key that is known here, or revoked, is left unchanged, and one of another namespace is left out. Only a user who may create ApiKeys can request it. Default: Recreate with from, else Leave.")
        @Nullable RestoreKeys keys) {}
