package io.mapwright.operator.push;

import java.time.Duration;

/**
 * Timeouts of a channel.
 *
 * @param connect for TCP, and again for the TLS handshake
 * @param answer for one round trip
 * @param heartbeat between two checks of a replica without changes
 * @param maxBackoff ceiling of the pause after errors
 * @param useInterval mean time between two polls of the keys that a replica has admitted
 */
public record PushSettings(
    Duration connect,
    Duration answer,
    Duration heartbeat,
    Duration maxBackoff,
    Duration useInterval) {

  public static final PushSettings DEFAULTS =
      new PushSettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10));
}
