package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.KeySecret;
import io.mapwright.operator.keyring.KeyVerdict;
import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.status.Conditions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What was gathered for one pass over a key.
 *
 * @param verdict what the key grants with the digests that it has or is about to have
 * @param secret the delivery Secret, if one exists that belongs to this key
 * @param foreignSecret whether a Secret of that name exists that does not belong to this key
 * @param secretConflict who else uses a Secret of that name: an older ApiKey or an instance
 * @param lastUsed day on which a gateway last admitted the key, if known
 */
record KeyFacts(
    ApiKey key,
    KeyVerdict verdict,
    Optional<Delivered> secret,
    boolean foreignSecret,
    Optional<String> secretConflict,
    Optional<LocalDate> lastUsed,
    Instant now) {

  static String secretName(ApiKey key) {
    return Names.keySecret(key);
  }

  static String secretKey(ApiKey key) {
    return Optional.ofNullable(key.getSpec().secret())
        .map(KeySecret::key)
        .orElse(Defaults.DELIVERY_KEY);
  }

  Optional<ApiKeyStatus> status() {
    return Optional.ofNullable(key.getStatus());
  }

  /** Collects the conditions of this pass. */
  Conditions newConditions() {
    return new Conditions(
        status().map(ApiKeyStatus::conditions).orElse(null),
        key.getMetadata().getGeneration(),
        now);
  }

  /** Digest of the key in the delivery Secret, in lower-case hex. */
  Optional<String> deliveredDigest() {
    return secret.map(one -> one.digests().get(secretKey(key)));
  }

  /** The key as it would be with another status. */
  static ApiKey with(ApiKey key, ApiKeyStatus status) {
    var copy = new ApiKey();
    copy.setMetadata(key.getMetadata());
    copy.setSpec(key.getSpec());
    copy.setStatus(status);
    return copy;
  }

  @Override
  public String toString() {
    return "KeyFacts[" + key.getMetadata().getNamespace() + "/" + key.getMetadata().getName() + "]";
  }
}
