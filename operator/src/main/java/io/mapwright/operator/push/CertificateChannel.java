package io.mapwright.operator.push;

import io.mapwright.operator.push.CertificateState.Served;
import java.time.Duration;
import java.util.Map;
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
  private static final Duration IDLE = Duration.ofMinutes(5);

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

  /** Has the gateway compared again: another certificate is desired, or the process is new. */
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
    boolean done = true;
    for (var entry : desired.entrySet()) {
      done &= push(entry.getKey(), entry.getValue());
    }
    return done;
  }

  // One connection per certificate: they are few, and after a failure a connection is spent.
  private boolean push(String path, DesiredCertificate certificate) {
    var before = states.get(path);
    var served = before == null ? null : before.served();
    try (var api =
        RuntimeApi.connect(
            endpoint,
            instance.credentials(),
            ControlRole.CERTIFICATES,
            fleet.settings(),
            fleet.watchdog())) {
      open = api;
      var push = new CertificatePush(api.within(fleet.fence()));
      served = push.served(path);
      if (!certificate.fingerprint().equals(served.fingerprint())) {
        served = push.replace(path, certificate.pem(), certificate.fingerprint());
        fleet.observer().certificatePushed(instance.key());
        log.info(
            "{} {}: serves a new certificate for {}", instance.key(), endpoint.podName(), path);
      }
      publish(path, served, true, null);
      return true;
    } catch (RuntimeException e) {
      if (!closed) {
        log.error("{} {}: certificate push failed", instance.key(), endpoint.podName(), e);
      }
      return false;
    } catch (RuntimeApiException e) {
      if (!closed) {
        publish(path, served, false, e.error());
        fleet.observer().failed(instance.key(), e.error());
      }
      return false;
    } finally {
      open = null;
    }
  }

  private void publish(
      String path, @Nullable Served served, boolean current, @Nullable PushError error) {
    var before = states.get(path);
    var now = fleet.clock().instant();
    var after = new CertificateState(served, current, error, before == null ? now : before.since());
    if (!after.equals(before)) {
      states.put(path, new CertificateState(served, current, error, now));
      fleet.listener().reachabilityChanged(instance.key());
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
