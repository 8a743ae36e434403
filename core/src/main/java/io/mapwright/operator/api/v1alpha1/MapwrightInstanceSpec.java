package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a map server should be. */
@ValidationRule(
    value = "(has(self.controlPlane) ? self.controlPlane.hosts.all(h, !(h in self.hosts)) : true)",
    message =
        "controlPlane.hosts must differ from hosts: the console never answers on a public host")
@ValidationRule(
    value = "!has(self.backup) || has(self.server.volume)",
    message = "backup needs server.volume: there is nothing else to back up")
@ValidationRule(
    value =
        "!has(self.restore) || (has(self.server.volume) && (has(self.backup) || has(self.restore.from)))",
    message =
        "restore needs server.volume to restore into, and backup or restore.from to restore from")
@ValidationRule(
    value =
        "!has(self.backup) || !has(self.backup.postgres) || has(self.backup.postgres.urlSecretRef) || has(self.server.database)",
    message = "backup.postgres needs urlSecretRef, or server.database whose urlSecretRef it takes")
@ValidationRule(
    value = "!has(self.backup) || !has(self.backup.volumeClone) || !has(self.backup.hooks)",
    message =
        "backup: set at most one of volumeClone and hooks: the clone is made before a hook can run")
@ValidationRule(
    value =
        "!has(self.backup) || !has(self.backup.volumeClone) || has(self.backup.volumeClone.size) || has(self.server.volume.size)",
    message = "backup.volumeClone needs size where server.volume.existingClaim is set")
@ValidationRule(
    value =
        "!has(self.updates) || !has(self.updates.backupFirst) || !self.updates.backupFirst || has(self.backup)",
    message = "updates.backupFirst needs backup: there is no repository to back up to")
@SchemaCustomizer(value = ListTypes.class, input = "hosts=set")
@SchemaCustomizer(value = Forms.class, input = "hosts=HOST")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MapwrightInstanceSpec(
    @JsonPropertyDescription("The map server itself.") @Required Server server,
    @JsonPropertyDescription(
            "Public host names, lower case; an internationalized name in its xn-- form.")
        @Size(min = 1, max = 32)
        @Required
        List<@Size(min = 1, max = 253) String> hosts,
    @JsonPropertyDescription("Who reaches the console. Unset: nobody.")
        @Nullable ControlPlane controlPlane,
    @JsonPropertyDescription("The certificate that the gateway serves.") @Required Tls tls,
    @JsonPropertyDescription(
            "How the gateway is reached from outside the cluster. Default: a ClusterIP Service.")
        @Nullable Exposure exposure,
    @JsonPropertyDescription("Who may request what.") @Nullable Access access,
    @JsonPropertyDescription("Console sessions.") @Nullable Sessions sessions,
    @JsonPropertyDescription("What may reach the instance and what it may reach.")
        @Nullable Network network,
    @JsonPropertyDescription("The gateway beside each map server.") @Nullable Gateway gateway,
    @JsonPropertyDescription(
            "Encrypted backups of the data volume. Unset: none, which the status reports.")
        @Nullable Backup backup,
    @JsonPropertyDescription(
            "How a new server.image is rolled out. Default: at once, and it is rolled back to the last proven one if it fails.")
        @Nullable Updates updates,
    @JsonPropertyDescription(
            "Replaces the data with that of a backup, once for each id. Unset: never.")
        @Nullable Restore restore,
    @JsonPropertyDescription("Metrics of the gateway.") @Nullable Monitoring monitoring,
    @JsonPropertyDescription("The decision log of the gateway.") @Nullable Audit audit,
    @JsonPropertyDescription("Contents of /.well-known/security.txt. Unset: 404.")
        @Nullable Disclosure disclosure,
    @JsonPropertyDescription(
            "Leaves everything as it is, except that revoked, expired and deleted keys are still refused. Default: false.")
        @Nullable Boolean paused,
    @JsonPropertyDescription(
            "Retain keeps the data volume when the instance is deleted, Delete removes it. The backup repository and its password always stay. Default: Retain.")
        @Nullable DeletionPolicy deletionPolicy) {}
