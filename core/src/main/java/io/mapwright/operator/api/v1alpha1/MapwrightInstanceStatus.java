package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed. */
@SchemaCustomizer(value = ListTypes.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MapwrightInstanceStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Pods that exist.") @StatusReplicas @Nullable Integer replicas,
    @JsonPropertyDescription("Pods that serve.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("Label selector of the pods, for the scale subresource.")
        @LabelSelector
        @Nullable String selector,
    @JsonPropertyDescription("Address of the first public host.") @Nullable String url,
    @JsonPropertyDescription("When the certificate in use ends.")
        @Nullable String certificateNotAfter,
    @JsonPropertyDescription("Settings in force, defaults included.")
        @Nullable EffectiveSettings effective,
    @JsonPropertyDescription("How far the rollout of server.image is.")
        @Nullable UpdateStatus update,
    @JsonPropertyDescription("State of the backups.") @Nullable BackupStatus backup,
    @JsonPropertyDescription("The restore that was last requested.")
        @Nullable RestoreStatus restore,
    @JsonPropertyDescription(
            "Creation time of the oldest pod that still has a log; only with audit.retention.")
        @Nullable String logsSince,
    @JsonPropertyDescription(
            "Proves that the operator wrote update and restore; a status changed by anybody else is restored.")
        @Nullable String seal,
    @JsonPropertyDescription("What the operator observed, one condition per aspect.")
        @Nullable List<Condition> conditions) {
  /** What the schema puts in the place of a status that the operator has not written yet. */
  static final MapwrightInstanceStatus UNSEEN =
      new MapwrightInstanceStatus(
          -1L, null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same with another seal. */
  public MapwrightInstanceStatus withSeal(String value) {
    return new MapwrightInstanceStatus(
        observedGeneration,
        replicas,
        readyReplicas,
        selector,
        url,
        certificateNotAfter,
        effective,
        update,
        backup,
        restore,
        logsSince,
        value,
        conditions);
  }
}
