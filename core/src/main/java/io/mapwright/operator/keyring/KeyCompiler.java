package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.keyring.KeyVerdict.OpenDigest;
import io.mapwright.operator.keyring.KeyVerdict.Opening;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the verdict on a key as gateways read it. */
final class KeyCompiler {
  private KeyCompiler() {}

  /**
   * A key as the gateways know it.
   *
   * @param entries one for each digest that is accepted now
   * @param policies policies whose union of origins applies; empty for any origin
   */
  record CompiledKey(List<KeyEntry> entries, List<OriginPolicy> policies) {
    static final CompiledKey NOTHING = new CompiledKey(List.of(), List.of());
  }

  static CompiledKey compile(KeyVerdict verdict) {
    return verdict.opening().map(KeyCompiler::compile).orElse(CompiledKey.NOTHING);
  }

  private static CompiledKey compile(Opening opening) {
    return new CompiledKey(
        opening.digests().stream().map(digest -> entry(opening, digest)).toList(),
        opening.policies());
  }

  private static KeyEntry entry(Opening opening, OpenDigest digest) {
    var policies = opening.policies();
    return new KeyEntry(
        upperCase(digest),
        ApiKeyFormat.keyId(upperCase(digest)),
        // While a key rotates it has several digests, and one limit.
        ApiKeyFormat.keyId(upperCase(opening.digests().getFirst())),
        opening.scopes(),
        end(digest),
        opening.limit(),
        policies.isEmpty() ? Optional.empty() : Optional.of(PolicyOrigins.setName(policies)),
        PolicyOrigins.allowMissing(policies),
        PolicyOrigins.allowCredentials(policies));
  }

  private static String upperCase(OpenDigest digest) {
    return digest.sha256().toUpperCase(Locale.ROOT);
  }

  /** Zero and less mean something else to a gateway; a time that cannot be read is over. */
  private static OptionalLong end(OpenDigest digest) {
    return digest.end().stream().mapToLong(end -> Math.max(1, end.getEpochSecond())).findFirst();
  }
}
