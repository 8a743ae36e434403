package io.mapwright.operator.gateway;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A check that runs in the gateway's container, and passes if the gateway's own user listens on all
 * of its ports. The kernel reports the owner of each socket. The map server shares the network
 * namespace: while no gateway runs it can bind a port, and requests to that port reach the server.
 *
 * <p>HAProxy exits if it cannot bind all of its ports, and nobody else can bind a port that it has.
 * So one proof holds for the lifetime of the process.
 *
 * @param user the gateway's own user id
 * @param families {@code tcp} and {@code tcp6}, or the one that it listens on
 */
public record PortProof(GatewayPorts ports, long user, List<String> families) {
  public static final List<String> BOTH_FAMILIES = List.of("tcp", "tcp6");

  public PortProof {
    families = List.copyOf(families);
  }

  /** The command; it needs only a shell, and reports on stderr which port is not the gateway's. */
  public List<String> command() {
    return List.of("sh", "-c", script());
  }

  private String script() {
    return new Template(TEXT)
        .with("families", String.join(" ", families))
        .with("user", Math.toIntExact(user))
        .with(
            "ports",
            IntStream.of(ports.https(), ports.http(), ports.internal(), ports.control())
                .mapToObj("%04X"::formatted)
                .collect(Collectors.joining(" ")))
        .done();
  }

  // 0A is LISTEN; addresses and ports are in hex.
  private static final String TEXT =
      """
      for family in {{families}}; do
        mine=
        while read -r _ local _ state _ _ _ user _; do
          [ "$state $user" != "0A {{user}}" ] || mine="$mine ${local##*:}"
        done < "/proc/net/$family"
        for port in {{ports}}; do
          case "$mine " in
            *" $port "*) ;;
            *) echo "port $((0x$port)) ($family) is not the gateway's" >&2; exit 1 ;;
          esac
        done
      done
      """;
}
