package io.mapwright.operator.push;

import io.mapwright.operator.pki.ControlRole;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls which keys one gateway has admitted. Separate from the other channels: nothing waits for
 * it, and a failed poll is covered by the next.
 */
final class UseChannel implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UseChannel.class);

  private final FollowedInstance instance;
  private final ReplicaEndpoint endpoint;
  private final FleetContext fleet;
  private final UseCounters counters = new UseCounters();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeApi open;

  UseChannel(FollowedInstance instance, ReplicaEndpoint endpoint, FleetContext fleet) {
    this.instance = instance;
    this.endpoint = endpoint;
    this.fleet = fleet;
    this.thread = Thread.ofVirtual().name("use-" + endpoint.podName()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(jitter(fleet.settings().useInterval()));
        poll();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  // The channels of a thousand instances are opened at the same time, but should not poll at the
  // same time.
  private static Duration jitter(Duration interval) {
    return Duration.ofMillis(
        (long) (interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
  }

  private void poll() {
    try (var api = fleet.connect(endpoint, instance.credentials(), ControlRole.CERTIFICATES)) {
      open = api;
      var used = counters.read(api, instance.table().size());
      if (!used.isEmpty() && !closed) {
        fleet.listener().used(instance.name(), used);
      }
    } catch (RuntimeApiException e) {
      if (!closed) {
        // Whether the gateway can be reached is reported by the channel of its table.
        log.debug("{} {}: counters not read", instance.name(), endpoint.podName(), e);
        fleet.observer().failed(instance.name(), e.error());
      }
    } catch (RuntimeException | Error e) {
      if (!closed) {
        log.error("{} {}: counters not read", instance.name(), endpoint.podName(), e);
      }
    } finally {
      open = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    var api = open;
    if (api != null) {
      api.close();
    }
  }
}
