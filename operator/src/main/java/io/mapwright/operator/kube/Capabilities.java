package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.model.Capability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which optional kinds the cluster has and the operator may watch. Determined for each kind by the
 * discovery API and a SelfSubjectAccessReview, at start and every 30 seconds: that needs no
 * permission beyond those of every account, so it also works in namespaced mode.
 */
public final class Capabilities implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Capabilities.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final OwnRights rights;
  private final Supplier<Set<String>> namespaces;
  private final Runnable onChange;
  private final PeriodicTask task = new PeriodicTask("capabilities", PERIOD, this::refresh);
  private volatile Set<Capability> present = Set.of();
  private volatile long answered = System.nanoTime();

  /**
   * Creates one that knows nothing yet.
   *
   * @param namespaces supplies the namespaces that are served; empty for all
   * @param onChange called when a kind was added or removed
   */
  public Capabilities(
      KubernetesClient client, Supplier<Set<String>> namespaces, Runnable onChange) {
    this.client = client;
    rights = new OwnRights(client);
    this.namespaces = namespaces;
    this.onChange = onChange;
  }

  /** Checks once, then repeatedly until closed. */
  public void start() {
    present = discover(present);
    task.start();
  }

  public PeriodicTask task() {
    return task;
  }

  /** How long the API server has not answered: at most two periods under normal conditions. */
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - answered);
  }

  public Set<Capability> present() {
    return present;
  }

  private void refresh() {
    var now = discover(present);
    if (!now.equals(present)) {
      log.info("optional kinds in this cluster: {}", now);
      present = now;
      onChange.run();
    }
  }

  private Set<Capability> discover(Set<Capability> before) {
    var found = EnumSet.noneOf(Capability.class);
    for (var capability : Capability.values()) {
      try {
        task.beat();
        var plural = resource(capability);
        answered = System.nanoTime();
        if (plural.filter(name -> mayWatch(capability, name)).isPresent()) {
          found.add(capability);
        }
      } catch (KubernetesClientException e) {
        // No answer does not mean absent.
        log.warn("could not discover {}: {}", capability.apiVersion(), e.getMessage());
        if (before.contains(capability)) {
          found.add(capability);
        }
      }
    }
    return Set.copyOf(found);
  }

  /** The plural name of the kind; the name of a subresource contains a slash. */
  private Optional<String> resource(Capability capability) {
    return Optional.ofNullable(client.getApiResources(capability.apiVersion()))
        .map(APIResourceList::getResources)
        .flatMap(resources ->
            resources.stream()
                .filter(resource -> capability.kind().equals(resource.getKind()))
                .map(APIResource::getName)
                .filter(name -> !name.contains("/"))
                .findFirst());
  }

  /** A kind that was installed after the chart exists, but its permissions do not. */
  private boolean mayWatch(Capability capability, String plural) {
    var served = namespaces.get();
    return served.isEmpty()
        ? mayWatch(capability, plural, "")
        : served.stream().allMatch(namespace -> mayWatch(capability, plural, namespace));
  }

  private boolean mayWatch(Capability capability, String plural, String namespace) {
    return rights.may(
        new ResourceAttributesBuilder()
            .withGroup(capability.group())
            .withResource(plural)
            .withVerb("watch")
            .withNamespace(namespace)
            .build());
  }

  /**
   * Whether the operator has the permissions to recreate the keys of a snapshot: the chart grants
   * them only on request.
   */
  public boolean mayRestoreKeys(String namespace) {
    return rights.may(
            new ResourceAttributesBuilder()
                .withResource("pods")
                .withSubresource("log")
                .withVerb("get")
                .withNamespace(namespace)
                .build())
        && rights.may(
            new ResourceAttributesBuilder()
                .withGroup(HasMetadata.getGroup(ApiKey.class))
                .withResource(HasMetadata.getPlural(ApiKey.class))
                .withVerb("create")
                .withNamespace(namespace)
                .build());
  }

  @Override
  public void close() {
    task.close();
  }
}
