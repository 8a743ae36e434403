package io.mapwright.operator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Random content that is made once and then kept in Secrets, so that the plan stays a pure
 * function.
 *
 * @param control entries of the push channel's Secret: ca.crt, ca.key, tls.crt, tls.key (PEM)
 * @param sessions entries of the session Secret: current, previous, rotatedAt
 * @param backupPassword the repository's password, if the operator makes it
 * @param versions resource versions of the Secrets that were read, by name; new content has none,
 *     and never replaces anything
 */
public record GeneratedSecrets(
    Map<String, String> control,
    Map<String, String> sessions,
    @Nullable String backupPassword,
    Map<String, String> versions) {

  public GeneratedSecrets(
      Map<String, String> control, Map<String, String> sessions, @Nullable String backupPassword) {
    this(control, sessions, backupPassword, Map.of());
  }

  /**
   * When the session key is rotated next. An invalid time counts as long ago, so that the Secret is
   * repaired.
   */
  public Instant nextSessionKey(Duration every) {
    return Timestamps.parse(sessions.getOrDefault("rotatedAt", ""))
        .orElse(Instant.EPOCH)
        .plus(every);
  }

  @Override
  public String toString() {
    return "GeneratedSecrets[redacted]";
  }
}
