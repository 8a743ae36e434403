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
 * What a key opens, or why it opens nothing. Decided here only: the status of the key and the table
 * of its instance are two ways to say it. Pure, and without a clock: a digest that opens says until
 * when.
 *
 * @param problem what somebody has to fix before the key opens what it asks for
 * @param refusals by digest of the key, in lower-case hex, why it does not open
 * @param limit what the instance lets the key have; empty if there is no instance
 * @param opening empty if the key opens nothing
 */
public record KeyVerdict(
    Optional<Problem> problem,
    Map<String, DigestRefusal> refusals,
    Optional<RequestRate> limit,
    Optional<Opening> opening) {

  /**
   * What a key opens.
   *
   * @param digests with which it opens, the newest that is delivered first
   * @param policies whose union of origins applies; empty for any origin
   */
  public record Opening(
      List<OpenDigest> digests,
      Set<Scope> scopes,
      List<OriginPolicy> policies,
      RequestRate limit) {}

  /**
   * A digest that opens.
   *
   * @param sha256 in lower-case hex
   * @param end empty if it has none
   */
  public record OpenDigest(String sha256, Optional<Instant> end) {}

  /** Decides about a key. */
  public static KeyVerdict of(ApiKey key, KeyReferences references) {
    var denial = KeyDenial.of(key, references);
    var refusal = mainDigest(key).map(references.refusals()::get);
    var unread = KeyDenial.cutsAreKnown(key);
    var limit = references.host().map(host -> limit(key, host));
    return new KeyVerdict(
        denial.or(() -> refusal.map(r -> r.problem(key))).or(() -> unread),
        references.refusals(),
        limit,
        denial.isPresent() || unread.isPresent() || over(key)
            ? Optional.empty()
            : limit.flatMap(rate -> opening(key, references, rate)));
  }

  /** The digest without which the key is nothing; none of a key that is to open nothing. */
  private static Optional<String> mainDigest(ApiKey key) {
    return revoked(key) ? Optional.empty() : KeyDigests.main(key);
  }

  /** Why the digest does not open without which the key is nothing. */
  public Optional<DigestRefusal> refusal(ApiKey key) {
    return mainDigest(key).map(refusals::get);
  }

  /** Whether a key opens nothing, and nothing is wrong with that. */
  private static boolean over(ApiKey key) {
    // An end that was seen stays one when a clock is set back; one to come is told to gateways.
    var status = key.getStatus();
    return revoked(key)
        || key.getMetadata().getDeletionTimestamp() != null
        || (status != null && status.state() == KeyState.Expired);
  }

  private static boolean revoked(ApiKey key) {
    return Boolean.TRUE.equals(key.getSpec().revoked());
  }

  private static Optional<Opening> opening(
      ApiKey key, KeyReferences references, RequestRate limit) {
    var digests =
        KeyDigests.of(key).stream()
            .filter(digest -> !references.refusals().containsKey(digest.sha256()))
            .map(digest -> new OpenDigest(String.valueOf(digest.sha256()), end(key, digest)))
            .toList();
    return digests.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Opening(
                digests, Set.copyOf(key.getSpec().scopes()), references.policies().sound(), limit));
  }

  /** The sooner of the key's own end and this digest's. */
  private static Optional<Instant> end(ApiKey key, KeyDigest digest) {
    return Stream.concat(
            KeyExpiry.of(key).stream(),
            Optional.ofNullable(digest.notAfter()).map(Instant::parse).stream())
        .min(Instant::compareTo);
  }

  private static RequestRate limit(ApiKey key, Host host) {
    var asked = Optional.ofNullable(key.getSpec().rateLimit()).orElse(host.defaultLimit());
    var limit = host.admission().within(asked);
    return new RequestRate(
        limit.requestsPerSecond(),
        Admission.burst(limit),
        Optional.ofNullable(limit.perClientRequestsPerSecond()).orElse(0));
  }
}
