package io.mapwright.operator.facts;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.SecretUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Conflicts of an instance with other objects.
 *
 * @param hostOwners hosts of this instance that an older instance already serves
 * @param operatorSecrets Secrets in the spec that belong to the operator
 * @param secretRead a Secret that the instance needs, does not exist yet, and whose name another
 *     instance references
 * @param keyRestorePermission whether the restore may recreate the keys of the snapshot
 */
public record NamespaceConflicts(
    Map<String, NamespacedName> hostOwners,
    List<SecretUse> operatorSecrets,
    Optional<SecretRead> secretRead,
    KeyRestorePermission keyRestorePermission) {
  public static final NamespaceConflicts NONE =
      new NamespaceConflicts(Map.of(), List.of(), Optional.empty(), KeyRestorePermission.ALLOWED);

  /** Whether a restore that has not recreated keys yet may do so. */
  public enum KeyRestorePermission {
    /** None are requested, or it is permitted. */
    ALLOWED,
    /** The operator lacks the permissions. */
    NOT_GRANTED,
    /** Nobody who may create keys has approved it. */
    NOT_APPROVED
  }

  /**
   * A Secret that another instance references.
   *
   * @param by name of the instance
   */
  public record SecretRead(String secret, String by) {}
}
