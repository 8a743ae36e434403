package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.MissingOrigin;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.AllowedOrigin;
import io.mapwright.operator.model.Names;
import java.util.List;
import java.util.Optional;

/** Evaluates the origins of one policy, or of several together. Pure. */
public final class PolicyOrigins {
  private PolicyOrigins() {}

  /**
   * Returns why an origin of a policy cannot be compared with what browsers send. The schema's
   * pattern accepts some of these.
   */
  public static Optional<String> flaw(OriginPolicy policy) {
    for (var origin : policy.getSpec().origins()) {
      try {
        var _ = AllowedOrigin.parse(origin);
      } catch (IllegalArgumentException e) {
        return Optional.ofNullable(e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Whether every origin of a policy can be compared. */
  public static boolean comparable(OriginPolicy policy) {
    return flaw(policy).isEmpty();
  }

  /** Name of the union of the policies' origins; equal unions are one set in the table. */
  static String setName(List<OriginPolicy> policies) {
    var meta = policies.getFirst().getMetadata();
    var names = policies.stream().map(p -> p.getMetadata().getName()).sorted().toList();
    return "p" + Names.sha256(meta.getNamespace() + "/" + String.join(",", names)).substring(0, 16);
  }

  /** Whether requests without an origin are allowed; they are if there is no policy. */
  static boolean allowMissing(List<OriginPolicy> policies) {
    return policies.isEmpty()
        || policies.stream().anyMatch(p -> p.getSpec().missingOrigin() == MissingOrigin.Allow);
  }

  static boolean allowCredentials(List<OriginPolicy> policies) {
    return policies.stream()
        .map(policy -> policy.getSpec().cors())
        .anyMatch(cors -> cors != null && Boolean.TRUE.equals(cors.allowCredentials()));
  }
}
