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
 * Which of the namespaces that are to be served are. One that is not made yet, or was deleted, or
 * lacks its Role, is left out at the start, for informers there would keep all others waiting; it
 * is taken in as soon as its objects can be listed. One that is lost later stays: its informers
 * keep what they know, and continue by themselves when it is back.
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
   * Begins to know nothing.
   *
   * @param wanted those that are to be served; empty for all, of which nothing is left out
   * @param join has informers in all of these namespaces; whether they have listed them
   */
  public ServedNamespaces(
      KubernetesClient client, Set<String> wanted, Predicate<Set<String>> join) {
    rights = new OwnRights(client);
    this.wanted = Set.copyOf(wanted);
    this.join = join;
  }

  /**
   * Looks once, and returns where to begin. If nothing can be listed anywhere it is all of them:
   * there is nothing to do but to wait, as informers do.
   */
  public Set<String> begin() {
    var found = new TreeSet<>(wanted);
    found.removeIf(namespace -> !readable(namespace));
    open = found.isEmpty() ? wanted : Set.copyOf(found);
    left().forEach(namespace -> log.warn("{}, it is left out until then", why(namespace)));
    return open;
  }

  /** Begins to look whether what was left out can be taken in. */
  public void start() {
    if (!left().isEmpty()) {
      task.start();
    }
  }

  public PeriodicTask task() {
    return task;
  }

  /** Those that are to be served, now or later; empty for all. */
  public Set<String> wanted() {
    return wanted;
  }

  /** Those that are served, in no order; empty for all. */
  public Set<String> open() {
    return open;
  }

  /** Those that are to be served and are not, sorted. */
  public List<String> left() {
    return wanted.stream().filter(namespace -> !open.contains(namespace)).sorted().toList();
  }

  /** Whether a namespace is being taken in, and not all of its objects are known yet. */
  public boolean joins(String namespace) {
    return joining.contains(namespace);
  }

  /** What keeps a namespace out, and what to do. */
  public static String why(String namespace) {
    return "namespace "
        + namespace
        + " is not served: the operator may not list mapwrightinstances, apikeys and originpolicies"
        + " there; create the namespace and its Role, or remove it from watchNamespaces";
  }

  private void check() {
    var found = new TreeSet<String>();
    for (var namespace : left()) {
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
      // No answer is not the answer "no": informers try again by themselves.
      log.warn("could not ask what may be listed in {}: {}", namespace, e.getMessage());
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
