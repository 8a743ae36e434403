package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.RateLimit;
import io.mapwright.operator.model.Admission;
import java.util.Map;
import java.util.Optional;

/**
 * What a key refers to, and whom it meets there.
 *
 * @param host its instance, if there is one
 * @param refusals by digest, in lower-case hex, why it does not open for this key
 */
public record KeyReferences(
    Optional<Host> host, NamedPolicies policies, Map<String, DigestRefusal> refusals) {

  /**
   * An instance, as far as it is about one key.
   *
   * @param admission how it receives the key's namespace
   * @param tooMany whether the namespace has older keys enough
   * @param defaultLimit of a key that sets none
   */
  public record Host(Admission admission, boolean tooMany, RateLimit defaultLimit) {}
}
