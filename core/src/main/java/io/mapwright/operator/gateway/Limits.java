package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one client may consume, whatever its key allows.
 *
 * @param maxHeaders header lines in one request
 * @param anonymous limit per address for scopes that need no key
 * @param badKeysPerTenSeconds refused keys per address before they are answered 429; good keys are
 *     not counted
 * @param loginsPerMinute requests per address that change something on the control plane without a
 *     session
 * @param scopeCosts what one request of a scope counts; 1 by default
 * @param dryRun only report in log and metrics which requests would have been limited
 * @param threads worker threads; one per CPU that the container is given
 */
public record Limits(
    int maxBodyBytes,
    int maxUriBytes,
    int maxHeaders,
    int maxConnections,
    int maxConnectionsPerAddress,
    RequestRate anonymous,
    int badKeysPerTenSeconds,
    int loginsPerMinute,
    Map<Scope, Integer> scopeCosts,
    boolean dryRun,
    int threads) {

  /**
   * Parameters of one query: patterns that match them must not exceed the limits of the matcher.
   */
  public static final int MAX_PARAMETERS = 100;

  public static final Limits DEFAULTS =
      new Limits(
          Defaults.MAX_BODY_BYTES,
          8192,
          64,
          4000,
          Defaults.MAX_CONNECTIONS_PER_ADDRESS,
          new RequestRate(50, 200, 0),
          50,
          20,
          Map.of(Scope.ROUTING, 5),
          false,
          2);

  public Limits {
    Lexical.between("gateway.maxBodyBytes", 0, maxBodyBytes, 1 << 30);
    Lexical.between("maxUriBytes", 256, maxUriBytes, 12288);
    Lexical.between("maxHeaders", 16, maxHeaders, 256);
    Lexical.between("maxConnections", 16, maxConnections, 1_000_000);
    Lexical.between("gateway.maxConnectionsPerAddress", 1, maxConnectionsPerAddress, 1_000_000);
    Lexical.between("badKeysPerTenSeconds", 1, badKeysPerTenSeconds, 1_000_000);
    Lexical.between("loginsPerMinute", 1, loginsPerMinute, 1_000_000);
    Lexical.between("threads", 1, threads, 64);
    scopeCosts.forEach((scope, cost) -> Lexical.between("cost of " + scope.text(), 1, cost, 10));
    var sorted = new EnumMap<Scope, Integer>(Scope.class);
    sorted.putAll(scopeCosts);
    scopeCosts = java.util.Collections.unmodifiableMap(sorted);
  }

  public int cost(Scope scope) {
    return scopeCosts.getOrDefault(scope, 1);
  }

  public Limits withDryRun(boolean on) {
    return new Limits(
        maxBodyBytes,
        maxUriBytes,
        maxHeaders,
        maxConnections,
        maxConnectionsPerAddress,
        anonymous,
        badKeysPerTenSeconds,
        loginsPerMinute,
        scopeCosts,
        on,
        threads);
  }
}
