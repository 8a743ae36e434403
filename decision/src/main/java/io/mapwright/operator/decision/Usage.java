package io.mapwright.operator.decision;

/**
 * What was admitted before, each request weighed by the cost of its scope.
 *
 * @param second with this key (without one: from this address) within the last second
 * @param tenSeconds the same within the last ten seconds
 * @param clientTenSeconds with this key from this address within the last ten seconds
 */
public record Usage(long second, long tenSeconds, long clientTenSeconds) {
  public static final Usage NONE = new Usage(0, 0, 0);

  Usage plus(long cost) {
    return new Usage(second + cost, tenSeconds + cost, clientTenSeconds + cost);
  }
}
