package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** Builds the status entry and the delivery Secret of a generated key. */
final class ApiKeyGenerator {
  private ApiKeyGenerator() {}

  static KeyDigest digest(PlainKey key, Instant now) {
    return digest(key.digest().toLowerCase(Locale.ROOT), now);
  }

  static KeyDigest digest(String sha256, Instant now) {
    return new KeyDigest(
        sha256,
        ApiKeyFormat.keyId(sha256.toUpperCase(Locale.ROOT)),
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        null);
  }

  static boolean belongsTo(Secret secret, ApiKey key) {
    return secret.getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> key.getMetadata().getUid().equals(ref.getUid()));
  }

  /**
   * The delivery Secret. It is deleted with its ApiKey, since the key in it grants no access then.
   */
  static Secret secret(ApiKey owner, PlainKey key) {
    var meta = owner.getMetadata();
    var value = key.value().getBytes(StandardCharsets.UTF_8);
    return new SecretBuilder()
        .withNewMetadata()
        .withName(KeyFacts.secretName(owner))
        .withNamespace(meta.getNamespace())
        .withLabels(
            Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.API_KEY, Names.label(meta.getName())))
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("mapwright.io/v1alpha1")
                .withKind(ApiKey.class.getSimpleName())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build())
        .endMetadata()
        .withType("Opaque")
        .withData(Map.of(KeyFacts.secretKey(owner), Base64.getEncoder().encodeToString(value)))
        .build();
  }
}
