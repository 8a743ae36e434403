package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** When a key is replaced by a new one. */
@ValidationRule(
    value =
        "!has(self.every) || !has(self.grace) || !self.every.matches("
            + Form.DURATION
            + ") || !self.grace.matches("
            + Form.DURATION
            + ") || int(self.grace.substring(0, size(self.grace) - 1)) * "
            + Form.UNITS
            + "[self.grace.substring(size(self.grace) - 1)] < int(self.every.substring(0, size(self.every) - 1)) * "
            + Form.UNITS
            + "[self.every.substring(size(self.every) - 1)]",
    message = "rotation.grace must be shorter than rotation.every")
@SchemaCustomizer(value = Forms.class, input = "every=ROTATION;grace=LIFETIME")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KeyRotation(
    @JsonPropertyDescription(
            "How often, such as 90d; at least 1h, because clients have to pick up each new key, and the digests of former ones are kept as revoked. Unset: only by trigger.")
        @Size(min = 2, max = 8)
        @Nullable String every,
    @JsonPropertyDescription(
            "How long the old key keeps working, such as 24h. Must be shorter than every, and needs every, trigger or secret.onLoss: Rotate as well. Default: "
                + Defaults.ROTATION_GRACE
                + ", or half of every if that is shorter.")
        @Size(min = 2, max = 8)
        @Nullable String grace,
    @JsonPropertyDescription(
            "Any text; changing it replaces the key once. While a former key is in its grace period, the next replacement waits for its end; a shorter grace ends it earlier.")
        @Size(max = 64)
        @Nullable String trigger) {}
