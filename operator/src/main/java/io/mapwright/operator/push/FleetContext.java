package io.mapwright.operator.push;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all channels of a fleet share.
 *
 * @param fence asked before each write
 * @param listener told on the calling thread, which must not wait
 */
record FleetContext(
    PushSettings settings,
    PushObserver observer,
    Clock clock,
    Watchdog watchdog,
    ConnectedCount connected,
    Fence fence,
    FleetListener listener) {

  Backoff backoff() {
    return new Backoff(settings.maxBackoff(), () -> ThreadLocalRandom.current().nextDouble());
  }
}
