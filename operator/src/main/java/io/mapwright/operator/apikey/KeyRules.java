package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.keyring.Refusal;
import io.mapwright.operator.keyring.Standing;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.RevokedDigests;
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
          KeyRules::scopesAdmitted, //   and may go as far as that
          KeyRules::withinMaxKeys, //    so many keys of a guest, the oldest ones
          KeyRules::policiesExist, //    a dangling policy denies; it never opens
          KeyRules::policiesSound, //    nor does one that nothing can be compared with
          KeyRules
              ::digestIsOwn, //      what was cut stays cut; of two with one key the older has it
          KeyRules::cutsAreKnown, //     who may have more to keep shut than is known opens nothing
          KeyRules::canBeMade, //        what was cut is not forgotten to make room
          KeyRules::secretIsOwn); //     delivery never overwrites what is not ours

  private KeyRules() {}

  static Optional<Problem> check(KeyFacts facts) {
    return RULES.stream().flatMap(rule -> rule.apply(facts).stream()).findFirst();
  }

  static Optional<Problem> instanceExists(KeyFacts facts) {
    return facts.instance().isPresent() || foreign(facts)
        ? Optional.empty()
        : problem(
            Reason.InstanceNotFound,
            "instanceRef: there is no MapwrightInstance "
                + Keyring.instanceOf(facts.key()).getName()
                + " in this namespace");
  }

  /** What is there and what is not is no business of those who are not admitted. */
  static Optional<Problem> namespaceAdmitted(KeyFacts facts) {
    var namespace = facts.key().getMetadata().getNamespace();
    return facts.standing().filter(s -> s.admission().admitted()).isPresent()
        ? Optional.empty()
        : problem(
            Reason.NamespaceNotAdmitted,
            "instanceRef: no MapwrightInstance of that name and namespace admits keys of namespace "
                + namespace
                + "; its owner can add it to spec.access.allowedNamespaces");
  }

  static Optional<Problem> scopesAdmitted(KeyFacts facts) {
    return facts
        .standing()
        .map(standing -> standing.admission().scopesInVain(facts.key()))
        .filter(scopes -> !scopes.isEmpty())
        .flatMap(scopes ->
            problem(
                Reason.ScopeNotAdmitted,
                "scopes: the instance does not give "
                    + String.join(", ", scopes)
                    + " to keys of this namespace; ask for less, or have its owner change spec.access.allowedNamespaces"));
  }

  static Optional<Problem> withinMaxKeys(KeyFacts facts) {
    return facts
        .standing()
        .filter(Standing::tooMany)
        .flatMap(standing -> standing.admission().maxKeys())
        .flatMap(most ->
            problem(
                Reason.TooManyKeys,
                "the instance lets this namespace have "
                    + most
                    + " keys, and older ones are as many; revoke or delete one, or have the instance's owner change spec.access.allowedNamespaces"));
  }

  private static boolean foreign(KeyFacts facts) {
    var instance = Keyring.instanceOf(facts.key());
    return !instance.getNamespace().equals(Optional.of(facts.key().getMetadata().getNamespace()));
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

  static Optional<Problem> digestIsOwn(KeyFacts facts) {
    return facts
        .refusal()
        .flatMap(refusal -> {
          var minted = facts.key().getSpec().digest() == null;
          return problem(
              switch (refusal.kind()) {
                case CUT -> Reason.DigestRevoked;
                case HELD -> Reason.DuplicateDigest;
                case ID_TAKEN -> Reason.KeyIdTaken;
              },
              (minted ? "" : "digest: ")
                  + other(facts, refusal)
                  + switch (refusal.kind()) {
                    case CUT -> " cut it for good";
                    case HELD -> " has the same one and goes first";
                    case ID_TAKEN -> " has one that logs call by the same name and goes first";
                  }
                  + (minted
                      ? "; change rotation.trigger to get a new key"
                      : "; make an ApiKey with another key"));
        });
  }

  /** Names of other namespaces are not told. */
  private static String other(KeyFacts facts, Refusal refusal) {
    var own = facts.key().getMetadata();
    if (!refusal.by().getNamespace().equals(Optional.of(own.getNamespace()))) {
      return "an ApiKey of another namespace";
    }
    return refusal.by().getName().equals(own.getName())
        ? "this ApiKey"
        : "ApiKey " + refusal.by().getName();
  }

  static Optional<Problem> cutsAreKnown(KeyFacts facts) {
    return RevokedDigests.unread(facts.key())
        ? problem(
            Reason.TooManyCutDigests,
            "annotation "
                + Labels.CUT_DIGESTS
                + ": the operator has no room for more cut digests of this namespace, so the key is denied; delete keys that are not needed any more, then change this ApiKey or make it again")
        : Optional.empty();
  }

  static Optional<Problem> canBeMade(KeyFacts facts) {
    return facts.key().getSpec().digest() == null
            && facts.status().map(ApiKeyStatus::current).isEmpty()
            && RevokedDigests.full(facts.key())
        ? problem(
            Reason.RotationsExhausted,
            "the key was made anew as often as its former digests can be kept cut ("
                + RevokedDigests.MOST
                + "); make a new ApiKey")
        : Optional.empty();
  }

  static Optional<Problem> secretIsOwn(KeyFacts facts) {
    if (facts.key().getSpec().digest() != null) {
      return Optional.empty();
    }
    var name = KeyFacts.secretName(facts.key());
    if (facts.secretRival().isPresent()) {
      return problem(
          Reason.SecretConflict,
          "secret.name: "
              + facts.secretRival().get()
              + " Secret "
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
