package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/**
 * The "restricted" pod security standard, and a read-only root file system on top.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security
 *     Standards</a>
 */
public final class PodSecurity {
  /** The gateway's own user: the kernel distinguishes its sockets from the map server's by it. */
  public static final long GATEWAY_USER = 65531;

  private PodSecurity() {}

  public static PodSecurityContext pod(long user) {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(user)
        .withRunAsGroup(user)
        .withFsGroup(user)
        // Large map volumes would otherwise be walked at every start.
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  public static SecurityContext container() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  /**
   * The same under a user of its own. Files are shared by the group of the pod, {@code fsGroup}.
   */
  static SecurityContext gateway() {
    return new SecurityContextBuilder(container())
        .withRunAsUser(GATEWAY_USER)
        .withRunAsGroup(GATEWAY_USER)
        .build();
  }
}
