package io.mapwright.operator.gateway;

import java.util.Locale;

/**
 * A map that the operator fills at run time. Its mounted file is empty and only lends it a name.
 */
public enum GatewayMap {
  KEYS,
  ORIGINS,
  SESSION,
  META;

  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".map";
  }
}
