package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.check.RestoreConsent;
import io.mapwright.operator.facts.NamespaceConflicts;
import io.mapwright.operator.facts.NamespaceConflicts.KeyRestorePermission;
import io.mapwright.operator.facts.NamespaceConflicts.SecretRead;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.OldestClaimants;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.model.OwnSecrets;
import io.mapwright.operator.model.SecretUse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds conflicts of an instance with other objects. Reads only. */
final class NamespaceConflictFinder {
  /** Phases up to the recreation of the keys. */
  private static final Set<RestorePhase> MAKES_KEYS =
      Set.of(RestorePhase.Stopping, RestorePhase.Filling, RestorePhase.Keys);

  private final OldestClaimants<MapwrightInstance> hosts;
  private final InstanceSecrets secrets;
  private final SecretNames secretNames;
  private final KeySources keys;
  private final Capabilities capabilities;
  private final OperatorSettings operator;

  NamespaceConflictFinder(
      OldestClaimants<MapwrightInstance> hosts,
      InstanceSecrets secrets,
      SecretNames secretNames,
      KeySources keys,
      Capabilities capabilities,
      OperatorSettings operator) {
    this.hosts = hosts;
    this.secrets = secrets;
    this.secretNames = secretNames;
    this.keys = keys;
    this.capabilities = capabilities;
    this.operator = operator;
  }

  NamespaceConflicts find(MapwrightInstance instance, InstanceInput in) {
    return new NamespaceConflicts(
        hostOwners(instance, in),
        SecretUse.in(in.spec()).stream().filter(use -> isOurs(use, in)).toList(),
        OwnSecrets.of(instance).stream()
            .flatMap(secret -> read(secret, in).stream())
            // An existing one was created before, and anyone who references it is rejected.
            .filter(read -> secrets.fetch(in.namespace(), read.secret()).isEmpty())
            .findFirst(),
        in.restore()
            .filter(Restores::recreatesKeys)
            .filter(_ -> in.restorePhase().map(MAKES_KEYS::contains).orElse(true))
            .map(_ -> keyRestorePermission(in))
            .orElse(KeyRestorePermission.ALLOWED));
  }

  private KeyRestorePermission keyRestorePermission(InstanceInput in) {
    if (!capabilities.mayRestoreKeys(in.namespace())) {
      return KeyRestorePermission.NOT_GRANTED;
    }
    return operator.restoresGuarded() || allowed(in)
        ? KeyRestorePermission.ALLOWED
        : KeyRestorePermission.NOT_APPROVED;
  }

  /** By an annotation of a key in this namespace: only those who may create keys can set it. */
  private boolean allowed(InstanceInput in) {
    var consent = RestoreConsent.of(in);
    return keys.keysOf(new NamespacedName(in.namespace(), in.name())).stream()
        .map(HasMetadata::getMetadata)
        .filter(meta -> in.namespace().equals(meta.getNamespace()))
        .filter(meta -> meta.getAnnotations() != null)
        .anyMatch(meta -> consent.equals(meta.getAnnotations().get(Labels.RESTORE_KEYS)));
  }

  private Optional<SecretRead> read(String secret, InstanceInput in) {
    return secretNames
        .reader(in.namespace(), secret)
        // Its own reference is rejected by the rule for that field.
        .filter(reader -> !reader.equals(in.name()))
        .map(reader -> new SecretRead(secret, reader));
  }

  /** By name, or by annotation if its instance is gone. */
  private boolean isOurs(SecretUse use, InstanceInput in) {
    var keeper =
        secretNames
            .keeper(in.namespace(), use.name())
            .or(() ->
                secrets
                    .fetch(in.namespace(), use.name())
                    .map(secret -> secret.getMetadata().getAnnotations())
                    .filter(annotations -> annotations.containsKey(Labels.OWNER))
                    .map(annotations -> annotations.getOrDefault(Labels.OWNER, "")));
    return keeper.filter(of -> OwnSecrets.kind(of, use.name()) != use.as()).isPresent()
        || (keeper.isPresent() && use.as() == SecretUse.Kind.CONTENT)
        || secretNames.delivery(in.namespace(), use.name()).isPresent()
        || (in.namespace().equals(operator.namespace()) && use.name().startsWith(Labels.OPERATOR));
  }

  private Map<String, NamespacedName> hostOwners(MapwrightInstance instance, InstanceInput input) {
    var owners = new HashMap<String, NamespacedName>();
    input
        .allHosts()
        .forEach(host -> hosts.before(instance, host).ifPresent(owner -> owners.put(host, owner)));
    return owners;
  }
}
