package io.mapwright.operator.push;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * What all channels of a fleet share.
 *
 * @param onChange takes the key of an instance of which some state changed
 */
record FleetContext(
    PushSettings settings,
    PushObserver observer,
    Clock clock,
    Watchdog watchdog,
    ConnectedCount connected,
    Consumer<String> onChange) {

  Backoff backoff() {
    return new Backoff(settings.maxBackoff(), () -> ThreadLocalRandom.current().nextDouble());
  }
}
