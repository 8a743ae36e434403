package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.Optional;

/** What prevents a key from being generated and delivered. */
final class DeliveryRules {
  private DeliveryRules() {}

  /** The first problem to fix; a key that would grant no access is not generated either. */
  static Optional<Problem> check(KeyFacts facts) {
    return facts
        .verdict()
        .problem()
        .or(() -> canBeGenerated(facts)) //   revoked digests are not dropped to make room
        .or(() -> secretIsOwn(facts)); // delivery never overwrites a Secret of somebody else
  }

  static Optional<Problem> canBeGenerated(KeyFacts facts) {
    return facts.key().getSpec().digest() == null
            && facts.status().map(ApiKeyStatus::current).isEmpty()
            && RevokedDigests.full(facts.key())
        ? problem(
            Reason.RotationsExhausted,
            "the key was rotated as often as its former digests can be kept revoked ("
                + RevokedDigests.MOST
                + "); create a new ApiKey")
        : Optional.empty();
  }

  static Optional<Problem> secretIsOwn(KeyFacts facts) {
    if (facts.key().getSpec().digest() != null) {
      return Optional.empty();
    }
    var name = KeyFacts.secretName(facts.key());
    if (facts.secretConflict().isPresent()) {
      return problem(
          Reason.SecretConflict,
          "secret.name: "
              + facts.secretConflict().get()
              + " Secret "
              + name
              + "; choose another name");
    }
    return facts.foreignSecret()
        ? problem(
            Reason.NameClash,
            "secret.name: Secret "
                + name
                + " exists and was not created for this key; it was left unchanged. Choose another name or delete it")
        : Optional.empty();
  }

  private static Optional<Problem> problem(Reason reason, String message) {
    return Optional.of(new Problem(ConditionType.Accepted, reason, message));
  }
}
