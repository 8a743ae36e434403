package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
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
@SchemaCustomizer(value = ListTypes.class, input = "hosts=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MapwrightInstanceSpec(
    @JsonPropertyDescription("The map server itself.") @Required Server server,
    @JsonPropertyDescription(
            "Public host names, lower case; an internationalised name in its xn-- form.")
        @Size(min = 1, max = 32)
        @Required
        List<
                @Size(min = 1, max = 253)
                @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
                String>
            hosts,
    @JsonPropertyDescription("Who reaches the console. Unset: nobody.")
        @Nullable ControlPlane controlPlane,
    @JsonPropertyDescription("The certificate that the gateway serves.") @Required Tls tls,
    @JsonPropertyDescription(
            "How the gateway is reached from outside the cluster. Default: a ClusterIP Service.")
        @Nullable Exposure exposure,
    @JsonPropertyDescription("Who may ask for what.") @Nullable Access access,
    @JsonPropertyDescription("Console sessions.") @Nullable Sessions sessions,
    @JsonPropertyDescription("What may reach the instance and what it may reach.")
        @Nullable Network network,
    @JsonPropertyDescription("The gateway beside each map server.") @Nullable Gateway gateway,
    @JsonPropertyDescription(
            "Encrypted backups of the data volume. Unset: none, and the status says so.")
        @Nullable Backup backup,
    @JsonPropertyDescription("Metrics of the gateway.") @Nullable Monitoring monitoring,
    @JsonPropertyDescription("The decision log of the gateway.") @Nullable Audit audit,
    @JsonPropertyDescription("Contents of /.well-known/security.txt. Unset: 404.")
        @Nullable Disclosure disclosure,
    @JsonPropertyDescription(
            "Leaves everything as it is, except that revoked, expired and deleted keys are still cut. Default: false.")
        @Nullable Boolean paused,
    @JsonPropertyDescription(
            "Retain keeps the data volume when the instance is deleted, Delete removes it. The backup repository and its password always stay. Default: Retain.")
        @Nullable DeletionPolicy deletionPolicy) {}
