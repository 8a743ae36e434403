package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.push.CertificateState.Served;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificates of one gateway current, apart from its table: a certificate that is
 * refused must not hold up a revocation. Connects only when there is something to compare.
 */
final class CertificateChannel implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CertificateChannel.class);

  /** Until what is served is compared again although nothing changed. */
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final FollowedInstance instance;
  private final ReplicaEndpoint endpoint;
  private final FleetContext fleet;
  private final Map<String, DesiredCertificate> desired;
  private final Map<String, CertificateState> states = new ConcurrentHashMap<>();
  private final Signal signal = new Signal();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeApi open;

  CertificateChannel(
      FollowedInstance instance,
      ReplicaEndpoint endpoint,
      FleetContext fleet,
      Map<String, DesiredCertificate> desired) {
    this.instance = instance;
    this.endpoint = endpoint;
    this.fleet = fleet;
    this.desired = desired;
    this.thread =
        Thread.ofVirtual().name("certificates-" + endpoint.podName()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Triggers another comparison: the desired certificate changed, or the gateway restarted. */
  void recheck() {
    signal.raise();
  }

  Map<String, CertificateState> states() {
    return Map.copyOf(states);
  }

  private void run() {
    var backoff = fleet.backoff();
    while (!closed) {
      try {
        if (pushAll()) {
          backoff.succeeded();
          signal.await(IDLE);
        } else {
          Thread.sleep(backoff.next());
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean pushAll() {
    var remaining = new ArrayDeque<>(desired.entrySet());
    boolean done = true;
    while (!closed && !remaining.isEmpty()) {
      done &= pushOver(remaining);
    }
    return done;
  }

  // One connection for all, until a push fails: then it is unusable.
  private boolean pushOver(Queue<Map.Entry<String, DesiredCertificate>> remaining) {
    try (var api = fleet.connect(endpoint, instance.credentials(), ControlRole.CERTIFICATES)) {
      open = api;
      var push = new CertificatePush(api.within(fleet.fence()));
      boolean done = true;
      while (done && !remaining.isEmpty()) {
        var next = remaining.remove();
        done = push(push, next.getKey(), next.getValue());
      }
      return done;
    } catch (RuntimeApiException e) {
      var path = remaining.remove().getKey();
      failed(path, served(path), e.error());
      return false;
    } catch (RuntimeException | Error e) {
      remaining.clear();
      failed(e);
      return false;
    } finally {
      open = null;
    }
  }

  private boolean push(CertificatePush push, String path, DesiredCertificate certificate) {
    var served = served(path);
    try {
      served = push.served(path);
      if (!certificate.fingerprint().equals(served.fingerprint())) {
        served = push.replace(path, certificate.pem(), certificate.fingerprint());
        fleet.observer().certificatePushed(instance.name());
        log.info(
            "{} {}: serves a new certificate for {}", instance.name(), endpoint.podName(), path);
      }
      publish(path, served, true, null);
      return true;
    } catch (RuntimeException | Error e) {
      failed(e);
      return false;
    } catch (RuntimeApiException e) {
      failed(path, served, e.error());
      return false;
    }
  }

  private @Nullable Served served(String path) {
    var state = states.get(path);
    return state == null ? null : state.served();
  }

  private void failed(String path, @Nullable Served served, PushError error) {
    if (!closed) {
      publish(path, served, false, error);
      fleet.observer().failed(instance.name(), error);
    }
  }

  private void failed(Throwable e) {
    if (!closed) {
      log.error("{} {}: certificate push failed", instance.name(), endpoint.podName(), e);
    }
  }

  private void publish(
      String path, @Nullable Served served, boolean current, @Nullable PushError error) {
    var before = states.get(path);
    var now = fleet.clock().instant();
    var after = new CertificateState(served, current, error, before == null ? now : before.since());
    if (!after.equals(before)) {
      states.put(path, new CertificateState(served, current, error, now));
      fleet.listener().reachabilityChanged(instance.name());
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

  void join(Duration patience) throws InterruptedException {
    thread.join(patience);
  }
}
