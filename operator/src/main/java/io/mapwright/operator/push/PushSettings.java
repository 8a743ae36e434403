package io.mapwright.operator.push;

import java.time.Duration;

/**
 * Timeouts of a channel.
 *
 * @param connect for TCP, and again for the TLS handshake
 * @param answer for one round trip
 * @param firstCheck until a replica without changes is checked after it was connected; the pauses
 *     between the following checks double
 * @param maxCheck longest pause between two checks. What only a check finds is found within it:
 *     entries of another writer, a gateway that is stopping, one that vanished without closing its
 *     connection
 * @param maxBackoff ceiling of the pause after errors
 * @param useInterval mean time between two polls of the keys that a replica has admitted
 */
public record PushSettings(
    Duration connect,
    Duration answer,
    Duration firstCheck,
    Duration maxCheck,
    Duration maxBackoff,
    Duration useInterval) {

  public static final PushSettings DEFAULTS =
      new PushSettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10));
}
