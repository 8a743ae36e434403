package io.mapwright.operator.gateway;

import java.util.Locale;

/** A map that the operator fills at run time. Its mounted file is empty and only names it. */
public enum GatewayMap {
  KEYS,
  ORIGINS,
  SESSION,
  META;

  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".map";
  }
}
