package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.push.PushObserver.FullSyncReason;
import io.mapwright.operator.table.LiveTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one gateway synchronized with its table, on its own thread: a replica that hangs delays no
 * other. Each step depends on what the gateway itself reports; nothing is assumed. At rest it waits
 * for a change or for the end of the connection, and checks the gateway now and then.
 */
final class GatewayReplica implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GatewayReplica.class);
  // Editing entry by entry scans the map on HAProxy 2.6; beyond this a whole table is quicker.
  private static final int MAX_DELTA_CHANGES = 512;

  private final FollowedInstance instance;
  private final ReplicaEndpoint endpoint;
  private final FleetContext fleet;
  private final Supplier<Terms> terms;
  private final Runnable onConnected;
  private final Signal signal = new Signal();
  private final Runnable wake = signal::raise;
  private final Thread thread;
  private volatile ReplicaState state;
  private volatile @Nullable String version;
  private volatile List<String> silentGateways = List.of();
  private volatile boolean closed;
  private volatile @Nullable RuntimeApi open;

  GatewayReplica(
      FollowedInstance instance,
      ReplicaEndpoint endpoint,
      FleetContext fleet,
      Supplier<Terms> terms,
      Runnable onConnected) {
    this.instance = instance;
    this.endpoint = endpoint;
    this.fleet = fleet;
    this.terms = terms;
    this.onConnected = onConnected;
    this.state =
        new ReplicaState(
            endpoint.podUid(),
            endpoint.podName(),
            false,
            0,
            false,
            null,
            fleet.clock().instant(),
            null,
            List.of());
    this.thread = Thread.ofVirtual().name("push-" + endpoint.podName()).unstarted(this::run);
  }

  void start() {
    instance.table().watch(wake);
    thread.start();
  }

  /** Triggers an immediate check: the desired state has changed. */
  void recheck() {
    signal.raise();
  }

  ReplicaState state() {
    return state;
  }

  ReplicaEndpoint endpoint() {
    return endpoint;
  }

  private void run() {
    var backoff = fleet.backoff();
    while (!closed) {
      try {
        connectAndServe(backoff);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeApiException e) {
        failed(e.error(), e);
      } catch (RuntimeException | Error e) {
        if (!closed) {
          log.error("{} {}: push failed", instance.name(), endpoint.podName(), e);
        }
        failed(PushError.UNEXPECTED_ANSWER, e);
      }
      if (!pause(backoff)) {
        return;
      }
    }
  }

  private boolean pause(Backoff backoff) {
    try {
      Thread.sleep(backoff.next());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void connectAndServe(Backoff backoff) throws RuntimeApiException, InterruptedException {
    var credentials = instance.credentials();
    try (var api = fleet.connect(endpoint, credentials, ControlRole.TABLE)) {
      open = api;
      fleet.connected().add(1);
      onConnected.run();
      // Read after connecting: earlier it would issue the certificate outside the limit.
      var renewAt = credentials.renewAt(ControlRole.TABLE);
      serve(new GatewayMaps(api.within(fleet.fence()).whenEnded(wake)), renewAt, backoff);
    } finally {
      if (open != null) {
        open = null;
        fleet.connected().add(-1);
      }
    }
  }

  // Returns when a new connection is due: for a newer certificate, or because the gateway is
  // stopping.
  private void serve(GatewayMaps gateway, Instant renewAt, Backoff backoff)
      throws RuntimeApiException, InterruptedException {
    var trustedUntil = Instant.EPOCH;
    // Short at first, for what a predecessor may still write (decision 0006).
    var pauses = fleet.checkPauses();
    while (!closed && fleet.clock().instant().isBefore(renewAt)) {
      var report = gateway.report(instance.table().maps());
      version = report.version();
      silentGateways = report.silentGateways();
      if (instance.table().isComplete()) {
        synchronize(gateway, report);
        trustedUntil = trust(gateway, trustedUntil);
      } else {
        publish(true, 0, report.isReady(), null);
      }
      backoff.succeeded();
      if (report.stopping()) {
        return;
      }
      signal.await(pauses.next());
    }
  }

  /**
   * Extends the validity of the gateway's table: only after it was synchronized, since a gateway
   * that becomes unreachable in between must not extend the old one.
   */
  private Instant trust(GatewayMaps gateway, Instant trustedUntil) throws RuntimeApiException {
    var now = fleet.clock().instant();
    var present = terms.get();
    if (!present.outdated(trustedUntil, now)) {
      return trustedUntil;
    }
    new TablePush(instance.table(), gateway).trust(present, now);
    return present.trustedUntil(now);
  }

  private void synchronize(GatewayMaps gateway, ReplicaReport report) throws RuntimeApiException {
    long position = report.generationOf(instance.table());
    var push = new TablePush(instance.table(), gateway);
    // First of all: one more replica reduces the share of each.
    if (position > 0 && !sharesAs(terms.get(), report)) {
      push.ready(terms.get(), endpoint.host());
    }
    if (position == 0) {
      // Its former state is no longer valid.
      publish(true, 0, report.isReady(), null);
      replaceAll(push, report.isEmpty() ? FullSyncReason.EMPTY : FullSyncReason.OTHER_TABLE);
      return;
    }
    var delta = instance.table().since(position);
    if (delta.isEmpty()) {
      replaceAll(push, FullSyncReason.TOO_FAR_BEHIND);
    } else if (!pushDifferences(push, delta.get(), report)) {
      publish(true, 0, true, null);
      replaceAll(push, FullSyncReason.DIVERGED);
      observeEnforced(delta.get());
    }
  }

  private boolean sharesAs(Terms present, ReplicaReport report) {
    return report.sharing() == present.sharing()
        && (present.sharing() == 1 || report.gateways().equals(present.others(endpoint.host())));
  }

  // Returns false if the content of the gateway differs from its report.
  private boolean pushDifferences(TablePush push, LiveTable.Delta delta, ReplicaReport report)
      throws RuntimeApiException {
    try {
      if (delta.changes().size() > MAX_DELTA_CHANGES) {
        push.revocations(delta);
        replaceAll(push, FullSyncReason.TOO_FAR_BEHIND);
      } else if (!delta.changes().isEmpty()) {
        push.differences(delta);
        publish(true, delta.generation(), true, null);
      } else if (report.sizes().equals(delta.sizes())) {
        publish(true, delta.generation(), true, null);
      } else {
        return false;
      }
    } catch (RuntimeApiException e) {
      if (e.error() == PushError.NOT_CONFIRMED || e.error() == PushError.REJECTED) {
        return false;
      }
      throw e;
    }
    observeEnforced(delta);
    return true;
  }

  private void replaceAll(TablePush push, FullSyncReason reason) throws RuntimeApiException {
    long start = System.nanoTime();
    var snapshot = push.whole(terms.get(), endpoint.host(), fleet.clock().instant());
    var duration = Duration.ofNanos(System.nanoTime() - start);
    log.info(
        "{} {}: wrote the whole table, {} entries, in {} ms ({})",
        instance.name(),
        endpoint.podName(),
        snapshot.size(),
        duration.toMillis(),
        reason);
    publish(true, snapshot.generation(), true, null);
    fleet.observer().fullSync(instance.name(), reason, snapshot.size(), duration);
    // The next check finds what changed meanwhile.
    signal.raise();
  }

  private void observeEnforced(LiveTable.Delta delta) {
    long now = instance.table().now();
    for (var change : delta.changes()) {
      fleet.observer().enforced(instance.name(), Duration.ofNanos(now - change.changedAtNanos()));
    }
  }

  private void failed(PushError error, Throwable cause) {
    if (closed) {
      return;
    }
    var before = state;
    publish(false, before.generation(), before.ready(), error);
    fleet.observer().failed(instance.name(), error);
    if (before.lastError() != error) {
      log.warn("{} {}: {}", instance.name(), endpoint.podName(), error);
      log.debug("{} {}", instance.name(), endpoint.podName(), cause);
    }
  }

  private void publish(
      boolean connected, long generation, boolean ready, @Nullable PushError error) {
    var before = state;
    boolean same =
        before.connected() == connected
            && before.ready() == ready
            && Objects.equals(before.lastError(), error)
            && Objects.equals(before.version(), version)
            && before.silentGateways().equals(silentGateways);
    var after =
        new ReplicaState(
            endpoint.podUid(),
            endpoint.podName(),
            connected,
            generation,
            ready,
            error,
            same ? before.since() : fleet.clock().instant(),
            version,
            silentGateways);
    state = after;
    if (closed) {
      return;
    }
    if (!same) {
      fleet.listener().reachabilityChanged(instance.name());
    }
    if (after.generation() != before.generation() || !same) {
      fleet.listener().progressed(instance.name());
    }
  }

  /** Ends the channel without waiting; the gateway keeps serving what it has. */
  @Override
  public void close() {
    closed = true;
    instance.table().unwatch(wake);
    thread.interrupt();
    var api = open;
    if (api != null) {
      api.close();
    }
  }

  void join(Duration patience) throws InterruptedException {
    thread.join(patience);
  }
}
