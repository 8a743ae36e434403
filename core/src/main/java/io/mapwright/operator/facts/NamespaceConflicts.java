package io.mapwright.operator.facts;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.SecretUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What other objects have that an instance asks for.
 *
 * @param hostOwners hosts of this instance that an older instance serves already
 * @param operatorSecrets Secrets that the spec names and that are the operator's own
 * @param secretRead a Secret that the instance is to keep, is not there yet, and whose name another
 *     instance reads
 * @param keyRestorePermission whether the keys of a snapshot that the spec asks for may come back
 */
public record NamespaceConflicts(
    Map<String, NamespacedName> hostOwners,
    List<SecretUse> operatorSecrets,
    Optional<SecretRead> secretRead,
    KeyRestorePermission keyRestorePermission) {
  public static final NamespaceConflicts NONE =
      new NamespaceConflicts(Map.of(), List.of(), Optional.empty(), KeyRestorePermission.ALLOWED);

  /** Whether keys may be made again by a restore that has not made them. */
  public enum KeyRestorePermission {
    /** Nobody asks for any, or all is well. */
    ALLOWED,
    /** The operator was not given the rights for it. */
    NOT_GRANTED,
    /** Nobody who may make keys has said so. */
    NOT_APPROVED
  }

  /**
   * A Secret that somebody waits for.
   *
   * @param by name of the instance
   */
  public record SecretRead(String secret, String by) {}
}
