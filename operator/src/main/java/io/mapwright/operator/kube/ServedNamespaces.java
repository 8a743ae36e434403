package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the configured namespaces are served. One that does not exist, or lacks its Role, is
 * left out at startup, because its informers would block all others; it is added as soon as its
 * objects can be listed. One that is lost later stays: its informers keep their caches, and resume
 * by themselves when it is back.
 */
public final class ServedNamespaces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServedNamespaces.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(MapwrightInstance.class, ApiKey.class, OriginPolicy.class);

  private final OwnRights rights;
  private final Predicate<Set<String>> join;
  private final Set<String> wanted;
  private final PeriodicTask task = new PeriodicTask("served-namespaces", PERIOD, this::check);
  private volatile Set<String> open = Set.of();
  private volatile Set<String> joining = Set.of();

  /**
   * Creates one that knows nothing yet.
   *
   * @param wanted the configured namespaces; empty for all, of which none is left out
   * @param join starts informers in all of these namespaces; returns whether they have synced
   */
  public ServedNamespaces(
      KubernetesClient client, Set<String> wanted, Predicate<Set<String>> join) {
    rights = new OwnRights(client);
    this.wanted = Set.copyOf(wanted);
    this.join = join;
  }

  /**
   * Checks once, and returns the namespaces to start with. If none can be listed it returns all of
   * them: the informers then wait.
   */
  public Set<String> begin() {
    var found = new TreeSet<>(wanted);
    found.removeIf(namespace -> !readable(namespace));
    open = found.isEmpty() ? wanted : Set.copyOf(found);
    unserved().forEach(namespace -> log.warn("{}; it is left out until then", why(namespace)));
    return open;
  }

  /** Starts checking whether namespaces that were left out can be added. */
  public void start() {
    if (!unserved().isEmpty()) {
      task.start();
    }
  }

  public PeriodicTask task() {
    return task;
  }

  /** The configured namespaces; empty for all. */
  public Set<String> wanted() {
    return wanted;
  }

  /** The served namespaces, unordered; empty for all. */
  public Set<String> open() {
    return open;
  }

  /** The configured namespaces that are not served, sorted. */
  public List<String> unserved() {
    return wanted.stream().filter(namespace -> !open.contains(namespace)).sorted().toList();
  }

  /** Whether a namespace is being added, and its caches are not synced yet. */
  public boolean joins(String namespace) {
    return joining.contains(namespace);
  }

  /** Why a namespace is not served, and what to do. */
  public static String why(String namespace) {
    return "namespace "
        + namespace
        + " is not served: the operator may not list mapwrightinstances, apikeys and originpolicies"
        + " there; create the namespace and its Role, or remove it from watchNamespaces";
  }

  private void check() {
    var found = new TreeSet<String>();
    for (var namespace : unserved()) {
      task.beat();
      if (readable(namespace)) {
        found.add(namespace);
      }
    }
    if (!found.isEmpty()) {
      serve(found);
    }
  }

  private void serve(Set<String> found) {
    log.info("namespaces {} can be listed now and are served", found);
    joining = Set.copyOf(found);
    try {
      var all = new TreeSet<>(open);
      all.addAll(found);
      if (join.test(all)) {
        open = Set.copyOf(all);
      }
    } finally {
      joining = Set.of();
    }
  }

  private boolean readable(String namespace) {
    try {
      return KINDS.stream()
          .allMatch(kind -> may("list", kind, namespace) && may("watch", kind, namespace));
    } catch (KubernetesClientException e) {
      // No answer does not mean denied: informers retry by themselves.
      log.warn("could not check permissions in namespace {}: {}", namespace, e.getMessage());
      return true;
    }
  }

  private boolean may(String verb, Class<? extends HasMetadata> kind, String namespace) {
    return rights.may(
        new ResourceAttributesBuilder()
            .withGroup(HasMetadata.getGroup(kind))
            .withResource(HasMetadata.getPlural(kind))
            .withVerb(verb)
            .withNamespace(namespace)
            .build());
  }

  @Override
  public void close() {
    task.close();
  }
}
