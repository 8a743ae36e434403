package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.model.Capability;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which optional kinds the cluster has. Asked of the discovery API, kind by kind, at start and
 * every 30 seconds: that needs no right beyond those of every account, so it also works in
 * namespaced mode.
 */
public final class Capabilities implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Capabilities.class);
  private static final int PERIOD_SECONDS = 30;

  private final KubernetesClient client;
  private final Runnable onChange;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("capabilities").daemon().factory());
  private volatile Set<Capability> present = Set.of();

  public Capabilities(KubernetesClient client, Runnable onChange) {
    this.client = client;
    this.onChange = onChange;
  }

  /** Looks once, then goes on looking until closed. */
  public void start() {
    present = look(present);
    var _ =
        timer.scheduleWithFixedDelay(
            this::refresh, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
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
        var resources = client.getApiResources(capability.apiVersion());
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
    timer.shutdownNow();
  }
}
