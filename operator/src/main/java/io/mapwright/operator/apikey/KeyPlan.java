package io.mapwright.operator.apikey;

import io.mapwright.operator.apikey.KeyLifecycle.Decision;
import io.mapwright.operator.status.Problem;
import java.util.Optional;

/** What a pass does about a decision, unless a problem prevents it. Pure. */
sealed interface KeyPlan {
  /** A key is generated and delivered. */
  record Generate(Digests digests) implements KeyPlan {}

  /**
   * No key is generated.
   *
   * @param refused why a needed key cannot be delivered
   */
  record Settle(Digests digests, Optional<Problem> refused) implements KeyPlan {}

  /**
   * Plans a pass.
   *
   * @param refused why the API server recently refused the key's Secret
   */
  static KeyPlan of(KeyFacts facts, Optional<Problem> refused) {
    return switch (KeyLifecycle.decide(facts)) {
      case Decision.Cut _ ->
          new Settle(
              new Digests(null, null, null, Digests.of(facts.status()).trigger()),
              Optional.empty());
      case Decision.Keep keep -> new Settle(keep.digests(), Optional.empty());
      // A key that cannot be used or delivered is not generated.
      case Decision.Mint mint
          when DeliveryRules.check(facts).filter(problem -> !fixedByNewKey(problem)).isPresent() ->
          new Settle(mint.digests(), Optional.empty());
      case Decision.Mint mint when refused.isPresent() -> new Settle(mint.digests(), refused);
      case Decision.Mint mint -> new Generate(mint.digests());
    };
  }

  private static boolean fixedByNewKey(Problem problem) {
    return switch (problem.reason()) {
      case DigestRevoked, DuplicateDigest, KeyIdTaken -> true;
      default -> false;
    };
  }
}
