package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.kube.DeliveredSecrets.Delivery;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which Secret an ApiKey is delivered to, and its contents according to the status. */
final class Deliveries {
  private Deliveries() {}

  /** Whether a key was generated, or its generation was started. */
  static boolean has(ApiKey key) {
    return key.getSpec().digest() == null && !Digests.of(key).equals(Digests.NONE);
  }

  static Delivery of(ApiKey key) {
    return new Delivery(NamespacedName.of(key), KeyFacts.secretName(key), expected(key));
  }

  /** What a pass reported for the current spec holds until a read of the Secret shows otherwise. */
  private static Optional<Delivered> expected(ApiKey key) {
    return Optional.ofNullable(key.getStatus())
        .filter(status ->
            Objects.equals(status.observedGeneration(), key.getMetadata().getGeneration()))
        .filter(status -> KeyFacts.secretName(key).equals(status.secretName()))
        .filter(status -> status.next() == null)
        .filter(Deliveries::delivered)
        .map(ApiKeyStatus::current)
        .map(current ->
            new Delivered(
                Set.of(key.getMetadata().getUid()),
                Map.of(KeyFacts.secretKey(key), String.valueOf(current.sha256()))));
  }

  private static boolean delivered(ApiKeyStatus status) {
    return Conditions.find(status.conditions(), ConditionType.Delivered)
        .filter(condition -> "True".equals(condition.getStatus()))
        .isPresent();
  }
}
