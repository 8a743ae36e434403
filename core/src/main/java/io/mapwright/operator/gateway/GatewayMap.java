package io.mapwright.operator.gateway;

import java.util.Locale;

/**
 * A map that is filled at run time: by the operator, and {@code shares} by the gateway itself. Its
 * mounted file is empty and only names it.
 */
public enum GatewayMap {
  KEYS,
  ORIGINS,
  SESSION,
  META,
  SHARES;

  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".map";
  }
}
