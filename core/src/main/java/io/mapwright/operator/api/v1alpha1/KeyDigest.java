package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A digest that the gateways accept. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KeyDigest(
    @JsonPropertyDescription("SHA-256 of the key, in lower-case hex.") @Nullable String sha256,
    @JsonPropertyDescription("Name of this key in logs and metrics; reveals nothing about the key.")
        @Nullable String keyId,
    @JsonPropertyDescription("When the key was generated or first seen.")
        @Nullable String createdAt,
    @JsonPropertyDescription("When the digest stops being accepted; unset: no end.")
        @Nullable String notAfter) {}
