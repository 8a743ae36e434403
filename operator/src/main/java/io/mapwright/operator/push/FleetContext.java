package io.mapwright.operator.push;

import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all channels of a fleet share.
 *
 * @param issuing limits how many client certificates are issued concurrently. Issuing is CPU-bound,
 *     and if a start with a thousand instances issued all at once, handshakes in progress would
 *     time out. No gateway is waited for meanwhile, so one that hangs delays no other.
 * @param fence checked before each write
 * @param listener called on the current thread, must not block
 */
record FleetContext(
    PushSettings settings,
    PushObserver observer,
    Clock clock,
    Watchdog watchdog,
    Semaphore issuing,
    ConnectedCount connected,
    Fence fence,
    FleetListener listener) {

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);

  RuntimeApi connect(ReplicaEndpoint endpoint, ControlCredentials credentials, ControlRole role)
      throws RuntimeApiException {
    issuing.acquireUninterruptibly();
    try {
      credentials.prepare(role);
    } finally {
      issuing.release();
    }
    return RuntimeApi.connect(endpoint, credentials, role, settings, watchdog);
  }

  /** Pauses between attempts that fail. */
  Backoff backoff() {
    return new Backoff(FIRST_RETRY, settings.maxBackoff(), FleetContext::random);
  }

  /** Pauses between checks of a new connection, which become longer. */
  Backoff checkPauses() {
    return new Backoff(settings.firstCheck(), settings.maxCheck(), FleetContext::random);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
