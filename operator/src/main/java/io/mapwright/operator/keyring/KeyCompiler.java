package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.LocalRef;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MissingOrigin;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.AllowedOrigin;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.RequestRate;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.KeyExpiry;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.RevokedDigests;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Turns one key into what the gateways know of it. Whatever can not be resolved denies: a key whose
 * policy is missing compiles to nothing.
 */
public final class KeyCompiler {
  private KeyCompiler() {}

  /**
   * A key as the gateways know it.
   *
   * @param entries one for each digest that is accepted now
   * @param policies policies whose union of origins applies; empty for any origin
   */
  public record CompiledKey(List<KeyEntry> entries, List<OriginPolicy> policies) {
    static final CompiledKey NOTHING = new CompiledKey(List.of(), List.of());
  }

  /**
   * Compiles a key against its instance and policies.
   *
   * @param admission how the instance receives the key's namespace
   * @param lost says of a digest, in lower-case hex, that another key has or cuts it
   */
  public static CompiledKey compile(
      ApiKey key,
      MapwrightInstance instance,
      Admission admission,
      Function<String, Optional<OriginPolicy>> policies,
      Predicate<String> lost) {
    var spec = key.getSpec();
    var status = key.getStatus();
    if (Boolean.TRUE.equals(spec.revoked())
        || key.getMetadata().getDeletionTimestamp() != null
        || (status != null && status.state() == KeyState.Expired)
        || RevokedDigests.unread(key)
        || !admission.admits(key)) {
      return CompiledKey.NOTHING;
    }
    var names = policyNames(key);
    var found = names.stream().map(policies).flatMap(Optional::stream).toList();
    if (found.size() < names.size()) {
      return CompiledKey.NOTHING;
    }
    var limit = limit(key, instance, admission);
    var kept =
        Claim.digests(key).stream()
            .filter(digest -> !lost.test(String.valueOf(digest.sha256())))
            .toList();
    // While a key rotates it has several digests, and one limit.
    var entries =
        kept.stream().map(digest -> entry(key, limit, digest, kept.getFirst(), found)).toList();
    return entries.isEmpty() ? CompiledKey.NOTHING : new CompiledKey(entries, found);
  }

  /** Whether every origin of a policy can be compared with what browsers send. */
  public static boolean comparable(OriginPolicy policy) {
    try {
      policy.getSpec().origins().forEach(AllowedOrigin::parse);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Names of the policies that a key refers to, sorted. */
  public static List<String> policyNames(ApiKey key) {
    return Optional.ofNullable(key.getSpec().originPolicyRefs()).orElse(List.of()).stream()
        .map(LocalRef::name)
        .sorted()
        .toList();
  }

  /** Name of the union of some policies' origins; equal unions are one set in the table. */
  public static String originSet(List<OriginPolicy> policies) {
    var meta = policies.getFirst().getMetadata();
    var names = policies.stream().map(p -> p.getMetadata().getName()).sorted().toList();
    return "p" + Names.sha256(meta.getNamespace() + "/" + String.join(",", names)).substring(0, 16);
  }

  static boolean allowsCredentials(List<OriginPolicy> policies) {
    return policies.stream()
        .map(policy -> policy.getSpec().cors())
        .anyMatch(cors -> cors != null && Boolean.TRUE.equals(cors.allowCredentials()));
  }

  /** Digests that a key has or had, in lower-case hex, whether they count or not. */
  public static Stream<String> everyDigest(ApiKey key) {
    return Stream.concat(
        Claim.digests(key).stream().map(KeyDigest::sha256).flatMap(Stream::ofNullable),
        RevokedDigests.of(key).stream());
  }

  private static KeyEntry entry(
      ApiKey key,
      RequestRate limit,
      KeyDigest digest,
      KeyDigest counted,
      List<OriginPolicy> policies) {
    return new KeyEntry(
        upperCase(digest),
        ApiKeyFormat.keyId(upperCase(digest)),
        ApiKeyFormat.keyId(upperCase(counted)),
        Set.copyOf(key.getSpec().scopes()),
        end(key, digest),
        limit,
        policies.isEmpty() ? Optional.empty() : Optional.of(originSet(policies)),
        policies.isEmpty()
            || policies.stream().anyMatch(p -> p.getSpec().missingOrigin() == MissingOrigin.Allow),
        allowsCredentials(policies));
  }

  private static String upperCase(KeyDigest digest) {
    return String.valueOf(digest.sha256()).toUpperCase(Locale.ROOT);
  }

  /** The sooner of the key's own end and this digest's; a time that can not be read is over. */
  private static OptionalLong end(ApiKey key, KeyDigest digest) {
    return Stream.concat(
            KeyExpiry.of(key).stream(),
            Optional.ofNullable(digest.notAfter()).map(Instant::parse).stream())
        .mapToLong(instant -> Math.max(1, instant.getEpochSecond()))
        .min();
  }

  private static RequestRate limit(ApiKey key, MapwrightInstance instance, Admission admission) {
    var asked =
        Optional.ofNullable(key.getSpec().rateLimit())
            .or(() ->
                Optional.ofNullable(instance.getSpec().access()).map(Access::defaultRateLimit))
            .orElse(InstanceInput.DEFAULT_RATE_LIMIT);
    var limit = admission.within(asked);
    return new RequestRate(
        limit.requestsPerSecond(),
        Admission.burst(limit),
        Optional.ofNullable(limit.perClientRequestsPerSecond()).orElse(0));
  }
}
