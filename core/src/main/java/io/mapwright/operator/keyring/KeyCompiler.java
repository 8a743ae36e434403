package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.keyring.KeyVerdict.AcceptedDigest;
import io.mapwright.operator.keyring.KeyVerdict.Grant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Converts the verdict on a key to the entries of the gateway's maps. */
final class KeyCompiler {
  private KeyCompiler() {}

  /**
   * A key in the form that gateways read.
   *
   * @param entries one for each digest that is accepted now
   * @param policies policies whose union of origins applies; empty for any origin
   */
  record CompiledKey(List<KeyEntry> entries, List<OriginPolicy> policies) {
    static final CompiledKey NOTHING = new CompiledKey(List.of(), List.of());
  }

  static CompiledKey compile(KeyVerdict verdict) {
    return verdict.grant().map(KeyCompiler::compile).orElse(CompiledKey.NOTHING);
  }

  private static CompiledKey compile(Grant grant) {
    return new CompiledKey(
        grant.digests().stream().map(digest -> entry(grant, digest)).toList(), grant.policies());
  }

  private static KeyEntry entry(Grant grant, AcceptedDigest digest) {
    var policies = grant.policies();
    return new KeyEntry(
        upperCase(digest),
        ApiKeyFormat.keyId(upperCase(digest)),
        // During a rotation a key has several digests, which share one limit.
        ApiKeyFormat.keyId(upperCase(grant.digests().getFirst())),
        grant.scopes(),
        end(digest),
        grant.limit(),
        policies.isEmpty() ? Optional.empty() : Optional.of(PolicyOrigins.setName(policies)),
        PolicyOrigins.allowMissing(policies),
        PolicyOrigins.allowCredentials(policies));
  }

  private static String upperCase(AcceptedDigest digest) {
    return digest.sha256().toUpperCase(Locale.ROOT);
  }

  /**
   * At least 1: zero and less have another meaning to gateways, and a time before 1970 has passed.
   */
  private static OptionalLong end(AcceptedDigest digest) {
    return digest.end().stream().mapToLong(end -> Math.max(1, end.getEpochSecond())).findFirst();
  }
}
