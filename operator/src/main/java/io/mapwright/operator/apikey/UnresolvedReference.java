package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A reference to an object that does not exist. One apply creates an instance, its policies and its
 * keys in any order, and tools that wait for it, such as Flux, fail at once on a stalled object; so
 * for a grace period the other object is expected to appear.
 */
final class UnresolvedReference {
  /** Applying a whole Git repository takes less, and tools wait longer: Flux 5 minutes. */
  static final Duration GRACE = Duration.ofMinutes(2);

  private static final Set<Reason> REASONS =
      Set.of(Reason.InstanceNotFound, Reason.NamespaceNotAdmitted, Reason.PolicyNotFound);

  private UnresolvedReference() {}

  /** Whether a problem may still resolve itself. Pure. */
  static boolean onItsWay(Problem problem, Condition accepted, Instant now) {
    return REASONS.contains(problem.reason())
        && now.isBefore(Instant.parse(accepted.getLastTransitionTime()).plus(GRACE));
  }
}
