package io.mapwright.operator.push;

import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all channels of a fleet share.
 *
 * @param issuing how many client certificates may be in the making. Each is work for a processor,
 *     and if a start with a thousand instances made all at once, handshakes that had started would
 *     wait for one until they were cut. Nothing of a gateway is waited for meanwhile, so none that
 *     hangs delays another.
 * @param fence asked before each write
 * @param listener called on the calling thread, which must not wait
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

  Backoff backoff() {
    return new Backoff(settings.maxBackoff(), () -> ThreadLocalRandom.current().nextDouble());
  }
}
