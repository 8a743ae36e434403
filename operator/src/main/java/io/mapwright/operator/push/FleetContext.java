package io.mapwright.operator.push;

import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all channels of a fleet share.
 *
 * @param handshakes how many TLS handshakes may be under way: each is work for a processor, and a
 *     thousand begun at once, as at a start, would all be cut for taking too long
 * @param fence asked before each write
 * @param listener told on the calling thread, which must not wait
 */
record FleetContext(
    PushSettings settings,
    PushObserver observer,
    Clock clock,
    Watchdog watchdog,
    Semaphore handshakes,
    ConnectedCount connected,
    Fence fence,
    FleetListener listener) {

  RuntimeApi connect(ReplicaEndpoint endpoint, ControlCredentials credentials, ControlRole role)
      throws RuntimeApiException {
    return RuntimeApi.connect(endpoint, credentials, role, settings, watchdog, handshakes);
  }

  Backoff backoff() {
    return new Backoff(settings.maxBackoff(), () -> ThreadLocalRandom.current().nextDouble());
  }
}
