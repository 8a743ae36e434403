package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.RateLimit;
import io.mapwright.operator.model.Admission;
import java.util.Map;
import java.util.Optional;

/**
 * What a key refers to, and which of its digests other keys deny it.
 *
 * @param host its instance, if there is one
 * @param refusals by digest, in lower-case hex, why it is not accepted for this key
 */
public record KeyReferences(
    Optional<Host> host, NamedPolicies policies, Map<String, DigestRefusal> refusals) {

  /**
   * An instance as it concerns one key.
   *
   * @param admission what it permits the key's namespace
   * @param tooMany whether older keys of the namespace already use up its quota
   * @param defaultLimit of a key that sets none
   */
  public record Host(Admission admission, boolean tooMany, RateLimit defaultLimit) {}
}
