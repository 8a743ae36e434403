package io.mapwright.operator.gateway;

/**
 * A rate of admitted requests, weighed by scope.
 *
 * @param requestsPerSecond on average over ten seconds
 * @param burst in any one second; a first map view asks for a hundred tiles at once
 * @param perClientRequestsPerSecond of one client address, on average over ten seconds; 0 for no
 *     such limit
 */
public record RequestRate(int requestsPerSecond, int burst, int perClientRequestsPerSecond) {
  static final int MAX = 1_000_000;

  public RequestRate {
    Lexical.between("requestsPerSecond", 1, requestsPerSecond, MAX);
    Lexical.between("burst", 1, burst, MAX);
    Lexical.between("perClientRequestsPerSecond", 0, perClientRequestsPerSecond, MAX);
  }

  /** The share of one of several replicas that do not count together. */
  public RequestRate sharedBy(int replicas) {
    return new RequestRate(
        Math.ceilDiv(requestsPerSecond, replicas),
        Math.ceilDiv(burst, replicas),
        Math.ceilDiv(perClientRequestsPerSecond, replicas));
  }
}
