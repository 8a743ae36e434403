package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Collection;

/**
 * Scopes as bits: the gateway compares them in one operation, however many a key holds. Each keeps
 * its bit: running gateways hold tables made from it.
 */
final class ScopeBits {
  /** Of a key that has no limit for each client and counts for itself. */
  static final int ONE_LIMIT = 32;

  /** Of a key that any page may use. */
  static final int ANY_PAGE = 64;

  private ScopeBits() {}

  static int bit(Scope scope) {
    return switch (scope) {
      case TILES -> 1;
      case STYLES -> 2;
      case FONTS -> 4;
      case ROUTING -> 8;
      case ADMIN -> 16;
    };
  }

  static int mask(Collection<Scope> scopes) {
    return scopes.stream().mapToInt(ScopeBits::bit).reduce(0, (a, b) -> a | b);
  }
}
