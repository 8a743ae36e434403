package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.RequestRate;
import io.mapwright.operator.keyring.KeyReferences.Host;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.status.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What access a key grants, or why it grants none. Decided only here: the status of the key and the
 * table of its instance are both derived from it. Pure, and without a clock: an accepted digest has
 * an end instead.
 *
 * @param problem what must be fixed before the key grants the requested access
 * @param refusals by digest of the key, in lower-case hex, why it is not accepted
 * @param limit the limit that the instance permits the key; empty if there is no instance
 * @param grant empty if the key grants no access
 */
public record KeyVerdict(
    Optional<Problem> problem,
    Map<String, DigestRefusal> refusals,
    Optional<RequestRate> limit,
    Optional<Grant> grant) {

  /**
   * The access that a key grants.
   *
   * @param digests the accepted ones, the newest delivered one first
   * @param policies whose union of origins applies; empty for any origin
   */
  public record Grant(
      List<AcceptedDigest> digests,
      Set<Scope> scopes,
      List<OriginPolicy> policies,
      RequestRate limit) {}

  /**
   * A digest that gateways accept.
   *
   * @param sha256 in lower-case hex
   * @param end empty if it has none
   */
  public record AcceptedDigest(String sha256, Optional<Instant> end) {}

  /** Decides about a key. */
  public static KeyVerdict of(ApiKey key, KeyReferences references) {
    var denial = KeyDenial.of(key, references);
    var refusal = mainDigest(key).map(references.refusals()::get);
    var unknown = KeyDenial.revokedDigestsAreKnown(key);
    var limit = references.host().map(host -> limit(key, host));
    return new KeyVerdict(
        denial.or(() -> refusal.map(r -> r.problem(key))).or(() -> unknown),
        references.refusals(),
        limit,
        denial.isPresent() || unknown.isPresent() || ended(key)
            ? Optional.empty()
            : limit.flatMap(rate -> grant(key, references, rate)));
  }

  /** The digest that must be accepted for the key to work; empty for a revoked key. */
  private static Optional<String> mainDigest(ApiKey key) {
    return revoked(key) ? Optional.empty() : KeyDigests.main(key);
  }

  /** Why the main digest of a key is not accepted. */
  public Optional<DigestRefusal> refusal(ApiKey key) {
    return mainDigest(key).map(refusals::get);
  }

  /** Whether a key grants no access because it is revoked, deleted or expired. */
  private static boolean ended(ApiKey key) {
    // An expiry that was stored stays even if the clock is set back; gateways get a future one.
    var status = key.getStatus();
    return revoked(key)
        || key.getMetadata().getDeletionTimestamp() != null
        || (status != null && status.state() == KeyState.Expired);
  }

  private static boolean revoked(ApiKey key) {
    return Boolean.TRUE.equals(key.getSpec().revoked());
  }

  private static Optional<Grant> grant(ApiKey key, KeyReferences references, RequestRate limit) {
    var digests =
        KeyDigests.of(key).stream()
            .filter(digest -> !references.refusals().containsKey(digest.sha256()))
            .map(digest -> new AcceptedDigest(String.valueOf(digest.sha256()), end(key, digest)))
            .toList();
    return digests.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Grant(
                digests, Set.copyOf(key.getSpec().scopes()), references.policies().valid(), limit));
  }

  /** The earlier of the ends of the key and of this digest. */
  private static Optional<Instant> end(ApiKey key, KeyDigest digest) {
    return Stream.concat(
            KeyExpiry.of(key).stream(),
            Optional.ofNullable(digest.notAfter()).map(Instant::parse).stream())
        .min(Instant::compareTo);
  }

  private static RequestRate limit(ApiKey key, Host host) {
    var requested = Optional.ofNullable(key.getSpec().rateLimit()).orElse(host.defaultLimit());
    var limit = host.admission().within(requested);
    return new RequestRate(
        limit.requestsPerSecond(),
        Admission.burst(limit),
        Optional.ofNullable(limit.perClientRequestsPerSecond()).orElse(0));
  }
}
