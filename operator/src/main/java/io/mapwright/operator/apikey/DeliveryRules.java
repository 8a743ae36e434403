package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.Optional;

/** What stands in the way of making a key and of delivering it. */
final class DeliveryRules {
  private DeliveryRules() {}

  /** The first thing that has to be fixed; a key that would open nothing is not made either. */
  static Optional<Problem> check(KeyFacts facts) {
    return facts
        .verdict()
        .problem()
        .or(() -> canBeMade(facts)) //   what was cut is not forgotten to make room
        .or(() -> secretIsOwn(facts)); // delivery never overwrites what is not ours
  }

  static Optional<Problem> canBeMade(KeyFacts facts) {
    return facts.key().getSpec().digest() == null
            && facts.status().map(ApiKeyStatus::current).isEmpty()
            && RevokedDigests.full(facts.key())
        ? problem(
            Reason.RotationsExhausted,
            "the key was made again as often as its former digests can be kept cut ("
                + RevokedDigests.MOST
                + "); make a new ApiKey")
        : Optional.empty();
  }

  static Optional<Problem> secretIsOwn(KeyFacts facts) {
    if (facts.key().getSpec().digest() != null) {
      return Optional.empty();
    }
    var name = KeyFacts.secretName(facts.key());
    if (facts.secretRival().isPresent()) {
      return problem(
          Reason.SecretConflict,
          "secret.name: "
              + facts.secretRival().get()
              + " Secret "
              + name
              + "; choose another name");
    }
    return facts.foreignSecret()
        ? problem(
            Reason.NameClash,
            "secret.name: Secret "
                + name
                + " exists and was not made for this key; it was left alone. Choose another name or delete it")
        : Optional.empty();
  }

  private static Optional<Problem> problem(Reason reason, String message) {
    return Optional.of(new Problem(ConditionType.Accepted, reason, message));
  }
}
