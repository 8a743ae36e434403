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

/** What a key may do, and how long. */
@ValidationRule(
    value = "!(has(self.expiresAt) && has(self.ttl))",
    message = "set expiresAt or ttl, not both")
@ValidationRule(
    value = "!has(self.digest) || (!has(self.rotation) && !has(self.secret))",
    message =
        "digest: a key generated elsewhere can be neither rotated nor delivered by the operator")
@ValidationRule(
    value = "!('admin' in self.scopes) || size(self.scopes) == 1",
    message = "scopes: admin must stand alone; a key for the control plane is never a public key")
@ValidationRule(
    value =
        "!has(self.rotation) || !has(self.rotation.grace) || has(self.rotation.every) || has(self.rotation.trigger)"
            + " || (has(self.secret) && has(self.secret.onLoss) && self.secret.onLoss == 'Rotate')"
            + " || (oldSelf.hasValue() && has(oldSelf.value().rotation) && oldSelf.value().rotation == self.rotation)",
    message =
        "nothing replaces the key; set rotation.every or rotation.trigger as well, or secret.onLoss to Rotate",
    fieldPath = ".rotation.grace",
    optionalOldSelf = true)
@ValidationRule(
    value =
        "has(self.digest) == has(oldSelf.digest) && (!has(self.digest) || self.digest == oldSelf.digest)",
    message = "digest: cannot be changed, added or removed; make another ApiKey")
@SchemaCustomizer(value = ListTypes.class, input = "scopes=set;originPolicyRefs=map:name")
@SchemaCustomizer(value = Forms.class, input = "expiresAt=TIME;ttl=LIFETIME")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiKeySpec(
    @JsonPropertyDescription("The instance that the key opens.") @Required InstanceRef instanceRef,
    @JsonPropertyDescription("What the key may do.") @Size(min = 1, max = 5) @Required
        List<Scope> scopes,
    @JsonPropertyDescription(
            "Origin policies in the same namespace; a request must match one of them. Unset: the key works from any origin. One that does not exist denies the key.")
        @Size(max = 16)
        @Nullable List<LocalRef> originPolicyRefs,
    @JsonPropertyDescription(
            "How many requests the key may make. Default: the instance's access.defaultRateLimit.")
        @Nullable RateLimit rateLimit,
    @JsonPropertyDescription("When the key ends, as an RFC 3339 time such as 2027-01-31T00:00:00Z.")
        @Size(min = 20, max = 35)
        @Nullable String expiresAt,
    @JsonPropertyDescription(
            "How long the key is valid from the creation of this object, such as 30d, at most 3650d, instead of expiresAt.")
        @Size(min = 2, max = 8)
        @Nullable String ttl,
    @JsonPropertyDescription("When the key is replaced by a new one.")
        @Nullable KeyRotation rotation,
    @JsonPropertyDescription("Where the generated key is delivered.") @Nullable KeySecret secret,
    @JsonPropertyDescription(
            "SHA-256 of a key that was generated elsewhere, in lower-case hex, instead of generating one. Git then carries no secret. Cannot be changed: make another ApiKey for another key.")
        @Pattern("^[0-9a-f]{64}$")
        @Nullable String digest,
    @JsonPropertyDescription(
            "Revokes the key, at once and for as long as it is true. Default: false.")
        @Nullable Boolean revoked) {}
