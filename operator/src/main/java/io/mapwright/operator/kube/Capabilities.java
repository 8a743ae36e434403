package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.model.Capability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which optional kinds the cluster has. Asked of the discovery API, kind by kind, at start and
 * every 30 seconds: that needs no right beyond those of every account, so it also works in
 * namespaced mode.
 */
public final class Capabilities implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Capabilities.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final Runnable onChange;
  private final Recurring task = new Recurring("capabilities", PERIOD, this::refresh);
  private volatile Set<Capability> present = Set.of();
  private volatile long answered = System.nanoTime();

  public Capabilities(KubernetesClient client, Runnable onChange) {
    this.client = client;
    this.onChange = onChange;
  }

  /** Looks once, then goes on looking until closed. */
  public void start() {
    present = look(present);
    task.start();
  }

  public Recurring task() {
    return task;
  }

  /** How long the API server has not answered: at most two periods while all is well. */
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - answered);
  }

  public Set<Capability> present() {
    return present;
  }

  private void refresh() {
    var now = look(present);
    if (!now.equals(present)) {
      log.info("optional kinds in this cluster: {}", now);
      present = now;
      onChange.run();
    }
  }

  private Set<Capability> look(Set<Capability> before) {
    var found = EnumSet.noneOf(Capability.class);
    for (var capability : Capability.values()) {
      try {
        task.beat();
        var resources = client.getApiResources(capability.apiVersion());
        answered = System.nanoTime();
        if (resources != null
            && resources.getResources().stream()
                .anyMatch(r -> capability.kind().equals(r.getKind()))) {
          found.add(capability);
        }
      } catch (KubernetesClientException e) {
        // No answer is not the answer "absent".
        log.warn("could not ask for {}: {}", capability.apiVersion(), e.getMessage());
        if (before.contains(capability)) {
          found.add(capability);
        }
      }
    }
    return Set.copyOf(found);
  }

  @Override
  public void close() {
    task.close();
  }
}
