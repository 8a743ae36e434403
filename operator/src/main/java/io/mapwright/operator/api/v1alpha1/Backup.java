package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encrypted backups of the data volume by restic. */
@SchemaCustomizer(value = ListTypes.class, input = "egressTo=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Backup(
    @JsonPropertyDescription(
            "When to run, as a cron expression of five fields, or @hourly, @daily, @weekly, @monthly, @yearly.")
        @Size(min = 6, max = 128)
        @Required
        String schedule,
    @JsonPropertyDescription("Time zone of the schedule, such as Europe/Oslo. Default: UTC.")
        @Size(min = 1, max = 64)
        @Pattern("^[-+_/a-zA-Z0-9]+$")
        @Nullable String timeZone,
    @JsonPropertyDescription("Stops the schedule and keeps everything. Default: false.")
        @Nullable Boolean suspend,
    @JsonPropertyDescription("Where the repository is.") @Required Repository repository,
    @JsonPropertyDescription(
            "Secret whose entries become environment variables of restic (AWS_ACCESS_KEY_ID, RESTIC_REST_USERNAME, …).")
        @Nullable LocalRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Secret key that holds the repository's password. Default: the operator makes one, in a Secret that it never deletes; keep a copy elsewhere.")
        @Nullable SecretKeyRef passwordSecretRef,
    @JsonPropertyDescription("How many snapshots are kept. Default: 7 daily, 4 weekly, 6 monthly.")
        @Nullable Retention retention,
    @JsonPropertyDescription(
            "How much of the stored data each run reads back, such as 1% or 500M. Default: 1%.")
        @Size(min = 2, max = 16)
        @Pattern("^[1-9][0-9]{0,5}(%|K|M|G|T)$")
        @Nullable String checkSubset,
    @JsonPropertyDescription("Image of restic. Default: the operator's own setting.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Nullable String image,
    @JsonPropertyDescription(
            "CPU and memory of the backup. Default: requests of 100m and 128Mi, memory limit 1Gi.")
        @Nullable Resources resources,
    @JsonPropertyDescription(
            "What the backup may reach besides DNS. Default: the repository's port on any address; nothing for a volume.")
        @Size(max = 16)
        @Nullable List<Peer> egressTo) {}
