package io.mapwright.operator.apikey;

import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a key must fulfil that the schema can not say. A broken rule denies the key. */
final class KeyRules {
  /** One rule: pure, and silent where it has nothing to say. */
  interface Rule extends Function<KeyFacts, Optional<Problem>> {}

  private static final List<Rule> RULES =
      List.of(
          KeyRules::instanceExists, //   a key to nothing waits
          KeyRules::namespaceAdmitted, // a key from elsewhere needs the instance's consent
          KeyRules::policiesExist, //    a dangling policy denies; it never opens
          KeyRules::policiesSound, //    nor does one that nothing can be compared with
          KeyRules::digestStands, //     what was cut stays cut
          KeyRules::digestIsOwn, //      two objects, one key: the older one keeps it
          KeyRules::secretIsOwn); //     delivery never overwrites what is not ours

  private KeyRules() {}

  static Optional<Problem> check(KeyFacts facts) {
    return RULES.stream().flatMap(rule -> rule.apply(facts).stream()).findFirst();
  }

  static Optional<Problem> instanceExists(KeyFacts facts) {
    return facts.instance().isPresent()
        ? Optional.empty()
        : problem(
            Reason.InstanceNotFound,
            "instanceRef: there is no MapwrightInstance "
                + Keyring.instanceOf(facts.key()).getName()
                + " in namespace "
                + Keyring.instanceOf(facts.key()).getNamespace().orElse(""));
  }

  static Optional<Problem> namespaceAdmitted(KeyFacts facts) {
    var namespace = facts.key().getMetadata().getNamespace();
    return facts
        .instance()
        .filter(instance -> !InstanceInput.admits(instance, namespace))
        .flatMap(_ ->
            problem(
                Reason.NamespaceNotAdmitted,
                "the instance does not admit keys of namespace "
                    + namespace
                    + "; its owner can add it to spec.access.allowedNamespaces"));
  }

  static Optional<Problem> policiesExist(KeyFacts facts) {
    return facts.missingPolicies().isEmpty()
        ? Optional.empty()
        : problem(
            Reason.PolicyNotFound,
            "originPolicyRefs: no OriginPolicy "
                + String.join(", ", facts.missingPolicies())
                + " in this namespace; the key is denied until it exists");
  }

  static Optional<Problem> policiesSound(KeyFacts facts) {
    return facts.flawedPolicies().isEmpty()
        ? Optional.empty()
        : problem(
            Reason.InvalidOrigin,
            "originPolicyRefs: OriginPolicy "
                + String.join(", ", facts.flawedPolicies())
                + " has an origin that can not be compared; the key is denied until it is mended");
  }

  static Optional<Problem> digestStands(KeyFacts facts) {
    return facts
        .digestCut()
        .flatMap(by ->
            problem(
                Reason.DigestRevoked,
                facts.key().getSpec().digest() == null
                    ? "ApiKey "
                        + by
                        + " revoked this key's digest; change rotation.trigger to get a new key"
                    : "digest: ApiKey " + by + " cut it for good; make another key"));
  }

  static Optional<Problem> digestIsOwn(KeyFacts facts) {
    return facts
        .digestRival()
        .flatMap(other ->
            problem(
                Reason.DuplicateDigest,
                "digest: the older ApiKey " + other + " has the same one; make another key"));
  }

  static Optional<Problem> secretIsOwn(KeyFacts facts) {
    if (facts.key().getSpec().digest() != null) {
      return Optional.empty();
    }
    var name = KeyFacts.secretName(facts.key());
    if (facts.secretRival().isPresent()) {
      return problem(
          Reason.SecretConflict,
          "secret.name: the older ApiKey "
              + facts.secretRival().get()
              + " delivers into Secret "
              + name
              + "; choose another name");
    }
    return facts.foreignSecret()
        ? problem(
            Reason.NameClash,
            "secret.name: Secret "
                + name
                + " exists and was not made for this key; it was left alone. Choose another name or delete it")
        : Optional.empty();
  }

  private static Optional<Problem> problem(Reason reason, String message) {
    return Optional.of(new Problem(ConditionType.Accepted, reason, message));
  }
}
