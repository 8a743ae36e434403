package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Defaults;
import java.util.List;

/**
 * Where the console may be reached: on these hosts, from these address blocks, under these paths.
 * Without a host or a block it is unreachable; everywhere else the answer is that of a path that
 * does not exist.
 *
 * @param clientCa whether a client certificate of the instance's own authority is required as well
 */
public record ConsoleAccess(
    List<String> hosts, List<Cidr> allowedCidrs, List<String> pathPrefixes, boolean clientCa) {

  public static final List<String> DEFAULT_PREFIXES = List.of(Defaults.CONSOLE_PREFIX);
  public static final ConsoleAccess CLOSED =
      new ConsoleAccess(List.of(), List.of(), DEFAULT_PREFIXES, false);

  public ConsoleAccess {
    hosts = List.copyOf(hosts);
    allowedCidrs = List.copyOf(allowedCidrs);
    pathPrefixes = List.copyOf(pathPrefixes);
    hosts.forEach(host -> Lexical.host("controlPlane.hosts:", host));
    pathPrefixes.forEach(path -> Lexical.path("controlPlane.pathPrefixes:", path));
  }

  public boolean open() {
    return !hosts.isEmpty() && !allowedCidrs.isEmpty() && !pathPrefixes.isEmpty();
  }
}
