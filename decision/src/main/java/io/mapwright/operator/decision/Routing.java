package io.mapwright.operator.decision;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.GatewaySettings;
import io.mapwright.operator.gateway.ScopedPath;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Which scope a path needs, and whether the control plane exists for this client. */
final class Routing {
  private Routing() {}

  /** The scope of the longest prefix that covers the path; empty for a path that does not exist. */
  static Optional<Scope> scope(GatewaySettings settings, Target target) {
    return settings.allRoutes().stream()
        .filter(route -> covers(route.pathPrefix(), target.lowerPath()))
        .max(Comparator.comparingInt(route -> withoutSlash(route.pathPrefix()).length()))
        .map(ScopedPath::scope);
  }

  /** A prefix covers itself and everything below it, on segment borders. */
  private static boolean covers(String prefix, String path) {
    var base = withoutSlash(prefix.toLowerCase(Locale.ROOT));
    return path.equals(base) || path.startsWith(base + "/");
  }

  private static String withoutSlash(String prefix) {
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }

  /** Host, address and, if required, certificate: all must match, or the path does not exist. */
  static boolean consoleIsThere(Request request, InetAddress client, GatewaySettings settings) {
    var console = settings.controlPlane();
    return console.hosts().contains(Shape.hostName(request))
        && console.allowedCidrs().stream().anyMatch(block -> Addresses.contains(block, client))
        && (!console.clientCa() || request.client().certificate());
  }
}
