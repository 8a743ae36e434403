package io.mapwright.operator.gateway;

import java.util.Collection;
import java.util.Locale;

/**
 * What a key may be used for. The gateway compares scopes as bits: one operation however many a key
 * holds.
 */
public enum Scope {
  TILES(1),
  STYLES(2),
  FONTS(4),
  ROUTING(8),
  ADMIN(16);

  private final int bit;

  Scope(int bit) {
    this.bit = bit;
  }

  public int bit() {
    return bit;
  }

  /** The name in resources, log lines and metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static int mask(Collection<Scope> scopes) {
    return scopes.stream().mapToInt(Scope::bit).reduce(0, (a, b) -> a | b);
  }
}
