package io.mapwright.operator.recovery;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeySpec;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.InstanceRef;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.OriginPolicySpec;
import io.mapwright.operator.model.RevokedDigests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One digest of an ApiKey with everything needed to accept it elsewhere.
 *
 * @param namespace namespace of the key; null for the instance's own, whatever that is called later
 * @param name name of the key
 * @param spec as the key would be given by its digest
 * @param policies the origin policies that it names, by name
 * @param cut former digests of the key that stay revoked, newest last; null for none
 */
public record KeyRecord(
    @Nullable String namespace,
    String name,
    ApiKeySpec spec,
    Map<String, OriginPolicySpec> policies,
    @Nullable List<String> cut) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][-.a-z0-9]{0,299}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** As many as a key may name. */
  private static final int MAX_POLICIES = 16;

  /**
   * Reads a key: one record for each digest that it has, none before it has one.
   *
   * @param policy finds a policy of the key's namespace
   */
  public static List<KeyRecord> of(
      ApiKey key, String instanceNamespace, Function<String, Optional<OriginPolicySpec>> policy) {
    var meta = key.getMetadata();
    var namespace = meta.getNamespace().equals(instanceNamespace) ? null : meta.getNamespace();
    var policies = new TreeMap<String, OriginPolicySpec>();
    for (var ref : Optional.ofNullable(key.getSpec().originPolicyRefs()).orElse(List.of())) {
      policy.apply(ref.name()).ifPresent(spec -> policies.put(ref.name(), spec));
    }
    var status = Optional.ofNullable(key.getStatus());
    var records = new ArrayList<KeyRecord>();
    digests(key, status)
        .distinct()
        .forEach(digest ->
            records.add(
                new KeyRecord(
                    namespace,
                    meta.getName() + (records.isEmpty() ? "" : "-previous"),
                    spec(key.getSpec(), digest, status),
                    policies,
                    null)));
    return withCutDigests(RevokedDigests.of(key), records, namespace, key);
  }

  /** Adds the digests that stay revoked after a restore: to the key's record, if there is one. */
  private static List<KeyRecord> withCutDigests(
      List<String> cut, List<KeyRecord> records, @Nullable String namespace, ApiKey key) {
    if (cut.isEmpty()) {
      return records;
    }
    if (!records.isEmpty()) {
      records.set(0, records.getFirst().withCut(cut));
      return records;
    }
    return List.of(
        new KeyRecord(
            namespace,
            key.getMetadata().getName(),
            new ApiKeySpec(
                new InstanceRef("instance", null),
                key.getSpec().scopes(),
                null,
                null,
                null,
                null,
                null,
                null,
                cut.getLast(),
                true),
            Map.of(),
            cut.subList(0, cut.size() - 1)));
  }

  private KeyRecord withCut(List<String> digests) {
    return new KeyRecord(namespace, name, spec, policies, digests);
  }

  /** Whether the digest is revoked. */
  public boolean revoked() {
    return Boolean.TRUE.equals(spec.revoked());
  }

  /** The same, revoked. */
  public KeyRecord asRevoked() {
    return new KeyRecord(
        namespace,
        name,
        new ApiKeySpec(
            spec.instanceRef(),
            spec.scopes(),
            spec.originPolicyRefs(),
            spec.rateLimit(),
            spec.expiresAt(),
            spec.ttl(),
            spec.rotation(),
            spec.secret(),
            spec.digest(),
            true),
        policies,
        cut);
  }

  /** The digests that stay revoked. */
  public List<String> cutDigests() {
    return cut == null ? List.of() : cut;
  }

  /** The same with at most that many of them, the newest. */
  public KeyRecord withNewestCut(int most) {
    return cutDigests().size() <= most
        ? this
        : withCut(cutDigests().subList(cutDigests().size() - most, cutDigests().size()));
  }

  private static Stream<KeyDigest> digests(ApiKey key, Optional<ApiKeyStatus> status) {
    var given = key.getSpec().digest();
    return given != null
        ? Stream.of(new KeyDigest(given, null, null, null))
        : Stream.of(status.map(ApiKeyStatus::current), status.map(ApiKeyStatus::previous))
            .flatMap(Optional::stream)
            .filter(digest -> digest.sha256() != null);
  }

  private static ApiKeySpec spec(ApiKeySpec spec, KeyDigest digest, Optional<ApiKeyStatus> status) {
    var end =
        Optional.ofNullable(digest.notAfter())
            .or(() -> status.map(ApiKeyStatus::expiresAt))
            .or(() -> Optional.ofNullable(spec.expiresAt()));
    return new ApiKeySpec(
        new InstanceRef("instance", null),
        spec.scopes(),
        spec.originPolicyRefs(),
        spec.rateLimit(),
        end.orElse(null),
        null,
        null,
        null,
        digest.sha256(),
        Boolean.TRUE.equals(spec.revoked()) ? Boolean.TRUE : null);
  }

  /** Whether it is complete; one that was read from a file may not be. */
  @SuppressWarnings("RedundantNullCheck") // JSON knows nothing of what must not be null
  boolean wellFormed() {
    return name != null
        && NAME.matcher(name).matches()
        && (namespace == null || NAMESPACE.matcher(namespace).matches())
        && spec != null
        && spec.digest() != null
        && DIGEST.matcher(spec.digest()).matches()
        && spec.scopes() != null
        && policies != null
        && policies.size() <= MAX_POLICIES
        && cutDigests().size() <= RevokedDigests.MOST
        && cutDigests().stream()
            .allMatch(digest -> digest != null && DIGEST.matcher(digest).matches())
        && policies.entrySet().stream()
            .allMatch(e -> NAME.matcher(e.getKey()).matches() && e.getValue() != null);
  }

  /** The digest, in lower-case hex. */
  public String digest() {
    return Objects.requireNonNull(spec.digest());
  }

  /** Returns the spec of a key that opens the given instance. */
  public ApiKeySpec specFor(String instance, @Nullable String instanceNamespace) {
    return new ApiKeySpec(
        new InstanceRef(instance, instanceNamespace),
        spec.scopes(),
        spec.originPolicyRefs(),
        spec.rateLimit(),
        spec.expiresAt(),
        null,
        null,
        null,
        spec.digest(),
        spec.revoked());
  }
}
