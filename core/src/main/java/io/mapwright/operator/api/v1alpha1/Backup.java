package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encrypted backups of the data volume, and of a database if asked, by restic. */
@SchemaCustomizer(value = ListTypes.class, input = "egressTo=atomic;include=set;exclude=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Backup(
    @JsonPropertyDescription(
            "When to run, as a cron expression of five fields, @every 6h, or @hourly, @daily, @weekly, @monthly, @yearly.")
        @Size(min = 6, max = 128)
        @Required
        String schedule,
    @JsonPropertyDescription(
            "Time zone of the schedule, such as Europe/Oslo. Default: " + Defaults.TIME_ZONE + ".")
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
    @JsonPropertyDescription(
            "How many snapshots are kept. Default: "
                + Defaults.KEEP_DAILY
                + " daily, "
                + Defaults.KEEP_WEEKLY
                + " weekly, "
                + Defaults.KEEP_MONTHLY
                + " monthly.")
        @Nullable Retention retention,
    @JsonPropertyDescription(
            "How much of the stored data a check reads back, such as 1% or 500M. Default: "
                + Defaults.CHECK_SUBSET
                + ".")
        @Size(min = 2, max = 16)
        @Pattern("^[1-9][0-9]{0,5}(%|K|M|G|T)$")
        @Nullable String checkSubset,
    @JsonPropertyDescription(
            "When the repository is checked, as a cron expression like schedule. Default: after each backup.")
        @Size(min = 6, max = 128)
        @Nullable String checkSchedule,
    @JsonPropertyDescription(
            "Files and folders to back up, relative to the data volume; a backup fails if one is not there. Default: all of it.")
        @Size(min = 1, max = 64)
        @Nullable
            List<
                @Size(min = 1, max = 255)
                @Pattern("^[-_a-zA-Z0-9][-._a-zA-Z0-9]*(/[-_a-zA-Z0-9][-._a-zA-Z0-9]*)*$") String>
            include,
    @JsonPropertyDescription(
            "What to leave out, as in a .gitignore: a pattern without a slash, such as *.tmp, is meant at any depth; one with a slash, such as /cache or tiles/*.tmp, from the top of the data volume.")
        @Size(min = 1, max = 64)
        @Nullable List<@Size(min = 1, max = 255) @Pattern("^[-._/*?a-zA-Z0-9]+$") String> exclude,
    @JsonPropertyDescription(
            "Dumps a PostgreSQL database into the same snapshot. Unset: files only.")
        @Nullable Postgres postgres,
    @JsonPropertyDescription(
            "Has each backup read a clone of the data volume that the storage makes when the backup begins, so that all files are of one moment while the map server keeps writing. Needs a CSI driver that clones volumes. Unset: files are read as they are found.")
        @Nullable VolumeClone volumeClone,
    @JsonPropertyDescription(
            "What runs before and after the data is read, for example to quiesce a server.")
        @Nullable Hooks hooks,
    @JsonPropertyDescription(
            "Proves on a schedule that the newest snapshot can be restored. Unset: nothing is proven, which the status reports.")
        @Nullable Drill drill,
    @JsonPropertyDescription(
            "Makes one more backup when the instance is deleted: the map server is stopped, then the data is read, and the instance is deleted when that has succeeded, failed or timed out; an Event reports which. Without the final backup the data volume stays, regardless of deletionPolicy. Unset: none is made.")
        @Nullable FinalBackup onDeletion,
    @JsonPropertyDescription("Image of restic. Default: the operator's own setting.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Nullable String image,
    @JsonPropertyDescription(
            "CPU and memory of the backup. Default: requests of 100m and 128Mi, memory limit 1Gi.")
        @Nullable Resources resources,
    @JsonPropertyDescription("Priority class of the pods of backups, checks and restores.")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Nullable String priorityClassName,
    @JsonPropertyDescription(
            "What pods that work with the repository may reach besides the resolvers of network.dns: name the repository's own addresses here. Default: the repository's port, on its address if the URL has one, else on any address; nothing for a volume.")
        @Size(max = 16)
        @Nullable List<Peer> egressTo) {}
