package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed. */
@SchemaCustomizer(value = ListTypes.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiKeyStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Pending, Active, Rotating, Denied, Expired or Revoked.")
        @Nullable KeyState state,
    @JsonPropertyDescription("Name of the current key in logs and metrics.") @Nullable String keyId,
    @JsonPropertyDescription("Secret that holds the key.") @Nullable String secretName,
    @JsonPropertyDescription("Digest of the current key.") @Nullable KeyDigest current,
    @JsonPropertyDescription("Digest of the replaced key, while its grace lasts.")
        @Nullable KeyDigest previous,
    @JsonPropertyDescription("Digest of a key that is being delivered.") @Nullable KeyDigest next,
    @JsonPropertyDescription(
            "Former digests of this key that stay revoked, newest last: no ApiKey opens the instance with one of them again. A key that has 2,048 is no longer rotated.")
        @Size(max = 2_051)
        @Nullable List<String> retired,
    @JsonPropertyDescription("When the key ends.") @Nullable String expiresAt,
    @JsonPropertyDescription("When the key is replaced.") @Nullable String nextRotation,
    @JsonPropertyDescription("The rotation trigger that was last acted on.")
        @Nullable String observedTrigger,
    @JsonPropertyDescription(
            "Where this state is enforced: all once every running gateway does; until then how many of them, such as 1/3.")
        @Nullable String enforced,
    @JsonPropertyDescription("When the last running gateway refused the key.")
        @Nullable String revokedEverywhereAt,
    @JsonPropertyDescription(
            "Day (UTC) on which a gateway last admitted the key; reported some minutes later, once a day.")
        @Nullable String lastUsed,
    @JsonPropertyDescription(
            "Proves that the operator wrote the digests above; a status changed by anybody else is restored, or grants no access.")
        @Nullable String seal,
    @JsonPropertyDescription("What the operator observed, one condition per aspect.")
        @Nullable List<Condition> conditions) {
  /** What the schema puts in the place of a status that the operator has not written yet. */
  static final ApiKeyStatus UNSEEN =
      new ApiKeyStatus(
          -1L, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null);

  /** The same with another seal. */
  public ApiKeyStatus withSeal(String value) {
    return new ApiKeyStatus(
        observedGeneration,
        state,
        keyId,
        secretName,
        current,
        previous,
        next,
        retired,
        expiresAt,
        nextRotation,
        observedTrigger,
        enforced,
        revokedEverywhereAt,
        lastUsed,
        value,
        conditions);
  }
}
