package io.mapwright.operator.apikey;

import io.mapwright.operator.apikey.KeyLifecycle.Decision;
import io.mapwright.operator.status.Problem;
import java.util.Optional;

/** What a pass does about a decision, as far as nothing stands in the way. Pure. */
sealed interface KeyPlan {
  /** A key is made and delivered. */
  record Make(Digests digests) implements KeyPlan {}

  /**
   * Nothing is made.
   *
   * @param refused why a key that is wanted cannot be delivered
   */
  record Settle(Digests digests, Optional<Problem> refused) implements KeyPlan {}

  /**
   * Plans a pass.
   *
   * @param refused why the API server did not take the key's Secret lately
   */
  static KeyPlan of(KeyFacts facts, Optional<Problem> refused) {
    return switch (KeyLifecycle.decide(facts)) {
      case Decision.Cut _ ->
          new Settle(
              new Digests(null, null, null, Digests.of(facts.status()).trigger()),
              Optional.empty());
      case Decision.Keep keep -> new Settle(keep.digests(), Optional.empty());
      // A key that cannot be used, or not be delivered, is not made.
      case Decision.Mint mint
          when DeliveryRules.check(facts).filter(problem -> !fixedByNewKey(problem)).isPresent() ->
          new Settle(mint.digests(), Optional.empty());
      case Decision.Mint mint when refused.isPresent() -> new Settle(mint.digests(), refused);
      case Decision.Mint mint -> new Make(mint.digests());
    };
  }

  private static boolean fixedByNewKey(Problem problem) {
    return switch (problem.reason()) {
      case DigestRevoked, DuplicateDigest, KeyIdTaken -> true;
      default -> false;
    };
  }
}
