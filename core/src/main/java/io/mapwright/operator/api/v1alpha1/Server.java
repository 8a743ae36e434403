package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The map server itself. */
@ValidationRule(
    value = "!has(self.port) || !(self.port in [10080, 10404, 10443, 10998, 10999])",
    message =
        "server.port: 10080, 10404, 10443, 10998 and 10999 are the gateway's own ports; choose another")
@ValidationRule(
    value = "!has(self.runAsUser) || self.runAsUser != 65531",
    message =
        "server.runAsUser: 65531 is the gateway's own user, so that the server cannot take its ports; choose another")
@ValidationRule(
    value =
        "!has(self.replicas) || !has(self.autoscaling) || (oldSelf.hasValue() && has(oldSelf.value().replicas) && has(oldSelf.value().autoscaling))",
    message = "set replicas or autoscaling, not both: with autoscaling, replicas has no effect",
    fieldPath = ".replicas",
    optionalOldSelf = true)
@SchemaCustomizer(
    value = ListTypes.class,
    input = "env=map:name;imagePullSecrets=map:name;envFrom=atomic;command=atomic;args=atomic")
@SchemaCustomizer(value = Forms.class, input = "healthPath=PATH")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Server(
    @JsonPropertyDescription("Image of the map server, with a tag or, better, a digest.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        @Required
        String image,
    @JsonPropertyDescription("Secrets for pulling the images.") @Size(max = 8)
        @Nullable List<LocalRef> imagePullSecrets,
    @JsonPropertyDescription(
            "How many pods run; 0 stops the server and keeps its data. Not together with autoscaling. Default: "
                + Defaults.REPLICAS
                + ".")
        @Min(0)
        @Max(100)
        @SpecReplicas
        @Nullable Integer replicas,
    @JsonPropertyDescription("Lets a HorizontalPodAutoscaler choose the number of pods.")
        @Nullable Autoscaling autoscaling,
    @JsonPropertyDescription(
            "Port on which the server listens, reachable only by the gateway beside it. Default: "
                + Defaults.SERVER_PORT
                + ".")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription(
            "Path that answers 200 when the server can serve. Default: "
                + Defaults.HEALTH_PATH
                + ".")
        @Size(min = 1, max = 255)
        @Nullable String healthPath,
    @JsonPropertyDescription(
            "How long the server may take to answer its health path after start, in seconds. Default: "
                + Defaults.STARTUP_SECONDS
                + ".")
        @Min(5)
        @Max(3600)
        @Nullable Integer startupSeconds,
    @JsonPropertyDescription("Replaces the image's entrypoint.") @Size(max = 32)
        @Nullable List<@Size(max = 4096) String> command,
    @JsonPropertyDescription("Replaces the image's arguments.") @Size(max = 64)
        @Nullable List<@Size(max = 4096) String> args,
    @JsonPropertyDescription("Environment variables of the server.") @Size(max = 128)
        @Nullable List<EnvVar> env,
    @JsonPropertyDescription("Secrets and ConfigMaps whose entries become environment variables.")
        @Size(max = 16)
        @Nullable List<EnvFrom> envFrom,
    @JsonPropertyDescription(
            "CPU and memory of the server. Default: requests of 100m and 256Mi, memory limit 1Gi.")
        @Nullable Resources resources,
    @JsonPropertyDescription(
            "Data volume; without it the server has an empty, temporary data folder.")
        @Nullable Volume volume,
    @JsonPropertyDescription("Database that the server reads.") @Nullable Database database,
    @JsonPropertyDescription(
            "User id that the server runs as; 0 (root) and 65531 (the gateway's) are refused. Default: "
                + Defaults.RUN_AS_USER
                + ".")
        @Min(1)
        @Max(2147483647)
        @Nullable Long runAsUser) {}
