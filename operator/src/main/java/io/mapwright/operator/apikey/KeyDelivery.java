package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.KeyStatusWriter;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.seal.StatusSeal;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Generates a key and delivers it: the first two of the three durable steps of {@link
 * KeyLifecycle}; the third is the status that the pass reports.
 */
final class KeyDelivery {
  private final KeyStatusWriter statuses;
  private final DeliveredSecrets secrets;
  private final RefusedDeliveries refusals;
  private final StatusSeal seal;
  private final SecureRandom random;

  KeyDelivery(
      KeyStatusWriter statuses,
      DeliveredSecrets secrets,
      RefusedDeliveries refusals,
      StatusSeal seal,
      SecureRandom random) {
    this.statuses = statuses;
    this.secrets = secrets;
    this.refusals = refusals;
    this.seal = seal;
    this.random = random;
  }

  /**
   * Generates a key and delivers it.
   *
   * @param digests of the key without the new one
   */
  Outcome generate(Digests digests, KeyFacts facts) {
    var plain = ApiKeyFormat.mint(random);
    var next =
        new Digests(
            digests.current(),
            digests.previous(),
            ApiKeyGenerator.digest(plain, facts.now()),
            digests.trigger());
    var intent = intend(next, facts);
    var refused = deliver(plain, facts);
    if (refused.isPresent()) {
      return new Outcome(digests, Optional.of(refusals.record(facts, refused.get())), true, intent);
    }
    refusals.forget(NamespacedName.of(facts.key()));
    var promoted = Replacement.promote(next, facts.key().getSpec().rotation(), facts.now());
    return new Outcome(promoted, Optional.empty(), false, intent);
  }

  /** Fails with a conflict if anybody, such as another operator, wrote the key meanwhile. */
  private @Nullable String intend(Digests digests, KeyFacts facts) {
    var report =
        new KeyReport(facts, digests, Optional.empty(), Enforcement.UNKNOWN, facts.newConditions());
    var lastSeal = facts.status().map(ApiKeyStatus::seal).orElse(null);
    var status = seal.seal(facts.key().getMetadata().getUid(), report.status(), lastSeal);
    statuses.store(facts.key(), status);
    return status.seal();
  }

  /** Returns the HTTP status if the API server refuses the Secret. */
  private Optional<Integer> deliver(PlainKey plain, KeyFacts facts) {
    return secrets.deliver(
        NamespacedName.of(facts.key()),
        ApiKeyGenerator.secret(facts.key(), plain),
        facts.secret().isPresent(),
        there -> ApiKeyGenerator.belongsTo(there, facts.key()));
  }
}
