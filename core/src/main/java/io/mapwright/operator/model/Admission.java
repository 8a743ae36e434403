package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.AllowedNamespace;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.RateLimit;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an instance permits the keys of one namespace. Its own namespace is not restricted.
 *
 * @param host whether it is the instance's own namespace
 * @param admitted whether its keys are admitted at all
 * @param scopes scopes that they may have
 * @param maxRequestsPerSecond the most that a key may ask for
 * @param maxKeys how many of its keys are admitted, the oldest first
 */
public record Admission(
    boolean host,
    boolean admitted,
    Set<Scope> scopes,
    Optional<Integer> maxRequestsPerSecond,
    Optional<Integer> maxKeys) {

  private static final Set<Scope> ALL = Set.copyOf(EnumSet.allOf(Scope.class));
  private static final Set<Scope> DEFAULT_SCOPES =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(Scope.ADMIN)));

  private static final Admission HOST =
      new Admission(true, true, ALL, Optional.empty(), Optional.empty());
  private static final Admission NOT_ADMITTED =
      new Admission(false, false, Set.of(), Optional.empty(), Optional.empty());

  /**
   * Returns what an instance permits a namespace.
   *
   * @param labels of the namespace, as far as they are known
   */
  public static Admission of(
      MapwrightInstance instance, String namespace, Map<String, String> labels) {
    if (instance.getMetadata().getNamespace().equals(namespace)) {
      return HOST;
    }
    return entries(instance.getSpec().access()).stream()
        .filter(entry -> fits(entry, namespace, labels))
        .findFirst()
        .map(Admission::guest)
        .orElse(NOT_ADMITTED);
  }

  /** Whether some entry selects namespaces by their labels. */
  public static boolean selectsByLabels(Optional<Access> access) {
    return entries(access.orElse(null)).stream().anyMatch(e -> e.namespaceLabels() != null);
  }

  private static List<AllowedNamespace> entries(@Nullable Access access) {
    return Optional.ofNullable(access).map(Access::allowedNamespaces).orElse(List.of());
  }

  private static boolean fits(
      AllowedNamespace entry, String namespace, Map<String, String> labels) {
    var wanted = entry.namespaceLabels();
    return wanted == null
        ? namespace.equals(entry.namespace())
        : !wanted.isEmpty() && labels.entrySet().containsAll(wanted.entrySet());
  }

  private static Admission guest(AllowedNamespace entry) {
    return new Admission(
        false,
        true,
        Optional.ofNullable(entry.scopes()).map(Set::copyOf).orElse(DEFAULT_SCOPES),
        Optional.ofNullable(entry.maxRequestsPerSecond()),
        Optional.ofNullable(entry.maxKeys()));
  }

  /** Scopes that a key requests but is not granted, as written in YAML. */
  public List<String> scopesNotGranted(ApiKey key) {
    return key.getSpec().scopes().stream()
        .filter(scope -> !scopes.contains(scope))
        .map(Scope::text)
        .sorted()
        .toList();
  }

  /** Whether a key is granted all that it requests. */
  public boolean admits(ApiKey key) {
    return admitted && scopes.containsAll(key.getSpec().scopes());
  }

  /** The effective limit for a requested one. */
  public RateLimit within(RateLimit requested) {
    var most = maxRequestsPerSecond.orElse(requested.requestsPerSecond());
    return requested.requestsPerSecond() <= most
        ? requested
        : new RateLimit(
            most,
            Math.min(burst(requested), burst(new RateLimit(most, null, null))),
            requested.perClientRequestsPerSecond());
  }

  /** The limit of a key that sets none. */
  public static RateLimit defaultLimit(Optional<Access> access) {
    return access
        .map(Access::defaultRateLimit)
        .orElseGet(() -> new RateLimit(Defaults.REQUESTS_PER_SECOND, Defaults.BURST, null));
  }

  /** Requests permitted within one second; enough for the first view of a map. */
  public static int burst(RateLimit limit) {
    return Objects.requireNonNullElse(
        limit.burst(),
        Math.max(Defaults.LEAST_BURST, Defaults.BURST_FACTOR * limit.requestsPerSecond()));
  }
}
