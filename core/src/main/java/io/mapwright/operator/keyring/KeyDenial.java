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

/** Why a key grants no access, regardless of its digests: rules beyond the schema. Pure. */
final class KeyDenial {
  private KeyDenial() {}

  /** The first violated rule about what a key refers to. */
  static Optional<Problem> of(ApiKey key, KeyReferences references) {
    return instanceExists(key, references.host()) // a key without an instance waits
        .or(() -> byHost(key, references.host()))
        .or(() -> policiesExist(references.policies())) // a dangling reference denies
        .or(() -> policiesValid(references.policies())); // and so does an invalid policy
  }

  /** Why an instance does not permit a key all that it requests; empty if it does. */
  static Optional<Problem> byHost(ApiKey key, Optional<Host> host) {
    return namespaceAdmitted(key, host) // a key of another namespace must be admitted
        .or(() -> host.flatMap(h -> scopesAdmitted(key, h))) // with no other scopes than permitted
        .or(() -> host.flatMap(KeyDenial::withinMaxKeys)); // and be among the oldest maxKeys of it
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

  /** Does not reveal to a namespace that is not admitted whether the instance exists. */
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
    var notGranted = host.admission().scopesNotGranted(key);
    return notGranted.isEmpty()
        ? Optional.empty()
        : problem(
            Reason.ScopeNotAdmitted,
            "scopes: the instance does not give "
                + String.join(", ", notGranted)
                + " to keys of this namespace; ask for less, or have its owner change spec.access.allowedNamespaces");
  }

  private static Optional<Problem> withinMaxKeys(Host host) {
    return host.admission()
        .maxKeys()
        .filter(_ -> host.tooMany())
        .flatMap(maxKeys ->
            problem(
                Reason.TooManyKeys,
                "the instance lets this namespace have "
                    + maxKeys
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

  private static Optional<Problem> policiesValid(NamedPolicies policies) {
    return policies.invalid().isEmpty()
        ? Optional.empty()
        : problem(
            Reason.InvalidOrigin,
            "originPolicyRefs: OriginPolicy "
                + String.join(", ", policies.invalid())
                + " has an origin that cannot be compared; the key is denied until it is fixed");
  }

  /** A key that may have more revoked digests than are known grants no access. */
  static Optional<Problem> revokedDigestsAreKnown(ApiKey key) {
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
