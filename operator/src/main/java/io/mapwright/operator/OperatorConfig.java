package io.mapwright.operator;

import io.mapwright.operator.model.OperatorSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The operator's own settings, read from the environment once.
 *
 * @param watchedNamespaces namespaces to serve; empty for all
 * @param port port of /metrics
 * @param probePort port of /livez and /readyz
 * @param metricsByToken whether a bearer token that the API server knows is needed for /metrics,
 *     which is then served by TLS
 * @param leaderElection whether only the holder of the lease works; needed with several replicas
 * @param lease name of the lease, in the operator's namespace; two operators there need two
 * @param identity name of this process in the lease
 * @param secretRound shortest time between two reads of a Secret, which is polled and not watched
 * @param adoptStatus whether statuses are trusted whoever wrote them, for the start after the
 *     Secret with the seal key was lost
 */
public record OperatorConfig(
    OperatorSettings settings,
    Set<String> watchedNamespaces,
    int port,
    int probePort,
    boolean metricsByToken,
    boolean leaderElection,
    String lease,
    String identity,
    Duration secretRound,
    boolean adoptStatus) {
  /** Upper bound for serving a certificate that a user replaced, with few instances. */
  public static final Duration SECRET_ROUND = Duration.ofSeconds(45);

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException if a variable cannot be read; the message names it
   */
  static OperatorConfig from(Map<String, String> env) {
    return new OperatorConfig(
        new OperatorSettings(
            env.getOrDefault("POD_NAMESPACE", "default"),
            env.getOrDefault("GATEWAY_IMAGE", "docker.io/library/haproxy:3.4"),
            env.getOrDefault("BACKUP_IMAGE", "docker.io/restic/restic:0.18.0"),
            Boolean.parseBoolean(env.getOrDefault("RESTORES_GUARDED", "false"))),
        namespaces(env.getOrDefault("WATCH_NAMESPACES", "")),
        port("PORT", env.getOrDefault("PORT", "8080")),
        port("PROBE_PORT", env.getOrDefault("PROBE_PORT", "8081")),
        byToken(env.getOrDefault("METRICS_AUTH", "token")),
        Boolean.parseBoolean(env.getOrDefault("LEADER_ELECTION", "true")),
        env.getOrDefault("LEASE_NAME", "mapwright-operator"),
        env.getOrDefault("POD_NAME", "mapwright-operator-" + ProcessHandle.current().pid()),
        SECRET_ROUND,
        Boolean.parseBoolean(env.getOrDefault("ADOPT_STATUS", "false")));
  }

  private static Set<String> namespaces(String list) {
    var result = new TreeSet<String>();
    for (var name : list.split("[,\\s]+", -1)) {
      if (!name.isEmpty()) {
        result.add(name);
      }
    }
    return result;
  }

  private static boolean byToken(String text) {
    return switch (text) {
      case "token" -> true;
      case "none" -> false;
      default -> throw new IllegalArgumentException("METRICS_AUTH must be token or none: " + text);
    };
  }

  private static int port(String name, String text) {
    try {
      var port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a number: " + text, e);
    }
    throw new IllegalArgumentException(name + " must be 0 to 65535: " + text);
  }
}
