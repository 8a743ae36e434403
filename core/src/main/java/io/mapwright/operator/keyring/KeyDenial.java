package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.keyring.KeyReferences.Host;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.Optional;

/** Why a key opens nothing, whichever digests it has: rules that the schema cannot say. Pure. */
final class KeyDenial {
  private KeyDenial() {}

  /** The first of the rules about what a key refers to that it breaks. */
  static Optional<Problem> of(ApiKey key, KeyReferences references) {
    return instanceExists(key, references.host()) // a key to nothing waits
        .or(() -> byHost(key, references.host()))
        .or(() -> policiesExist(references.policies())) // a dangling policy never opens
        .or(() -> policiesSound(references.policies())); // nor one that nothing is compared with
  }

  /** Whether an instance lets a key have all that it asks for; else why not. */
  static Optional<Problem> byHost(ApiKey key, Optional<Host> host) {
    return namespaceAdmitted(key, host) // a key from elsewhere needs the instance's consent
        .or(() -> host.flatMap(h -> scopesAdmitted(key, h))) // and may go as far as that
        .or(() -> host.flatMap(KeyDenial::withinMaxKeys)); // so many of a guest, the oldest ones
  }

  private static Optional<Problem> instanceExists(ApiKey key, Optional<Host> host) {
    var ref = key.getSpec().instanceRef();
    var namespace = key.getMetadata().getNamespace();
    var foreign = ref.namespace() != null && !ref.namespace().equals(namespace);
    return host.isPresent() || foreign
        ? Optional.empty()
        : problem(
            Reason.InstanceNotFound,
            "instanceRef: there is no MapwrightInstance " + ref.name() + " in this namespace");
  }

  /** What is there and what is not is no business of those who are not admitted. */
  private static Optional<Problem> namespaceAdmitted(ApiKey key, Optional<Host> host) {
    return host.map(Host::admission).filter(Admission::admitted).isPresent()
        ? Optional.empty()
        : problem(
            Reason.NamespaceNotAdmitted,
            "instanceRef: no MapwrightInstance of that name and namespace admits keys of namespace "
                + key.getMetadata().getNamespace()
                + "; its owner can add it to spec.access.allowedNamespaces");
  }

  private static Optional<Problem> scopesAdmitted(ApiKey key, Host host) {
    var inVain = host.admission().scopesInVain(key);
    return inVain.isEmpty()
        ? Optional.empty()
        : problem(
            Reason.ScopeNotAdmitted,
            "scopes: the instance does not give "
                + String.join(", ", inVain)
                + " to keys of this namespace; ask for less, or have its owner change spec.access.allowedNamespaces");
  }

  private static Optional<Problem> withinMaxKeys(Host host) {
    return host.admission()
        .maxKeys()
        .filter(_ -> host.tooMany())
        .flatMap(most ->
            problem(
                Reason.TooManyKeys,
                "the instance lets this namespace have "
                    + most
                    + " keys, and older ones are as many; revoke or delete one, or have the instance's owner change spec.access.allowedNamespaces"));
  }

  private static Optional<Problem> policiesExist(NamedPolicies policies) {
    return policies.missing().isEmpty()
        ? Optional.empty()
        : problem(
            Reason.PolicyNotFound,
            "originPolicyRefs: no OriginPolicy "
                + String.join(", ", policies.missing())
                + " in this namespace; the key is denied until it exists");
  }

  private static Optional<Problem> policiesSound(NamedPolicies policies) {
    return policies.flawed().isEmpty()
        ? Optional.empty()
        : problem(
            Reason.InvalidOrigin,
            "originPolicyRefs: OriginPolicy "
                + String.join(", ", policies.flawed())
                + " has an origin that cannot be compared; the key is denied until it is fixed");
  }

  /** Anyone who may have more to keep shut than is known opens nothing. */
  static Optional<Problem> cutsAreKnown(ApiKey key) {
    return RevokedDigests.unread(key)
        ? problem(
            Reason.TooManyCutDigests,
            "annotation "
                + Labels.CUT_DIGESTS
                + ": the operator has no room for more cut digests of this namespace, so the key is denied; delete keys that are not needed any more, then change this ApiKey or make it again")
        : Optional.empty();
  }

  private static Optional<Problem> problem(Reason reason, String message) {
    return Optional.of(new Problem(ConditionType.Accepted, reason, message));
  }
}
