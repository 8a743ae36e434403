package io.mapwright.operator.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Random content that is made once and then kept in Secrets, so that the plan stays a pure
 * function.
 *
 * @param control entries of the push channel's Secret: ca.crt, ca.key, tls.crt, tls.key (PEM)
 * @param sessions entries of the session Secret: current, previous, rotatedAt
 * @param backupPassword the repository's password, if the operator makes it
 */
public record Materials(
    Map<String, String> control, Map<String, String> sessions, @Nullable String backupPassword) {
  @Override
  public String toString() {
    return "Materials[redacted]";
  }
}
