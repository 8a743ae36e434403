package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.ClientAddressLog;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that differs between two gateways' configuration files. Keys, origins and their limits
 * are not here: they change while the gateway runs.
 *
 * @param publicHosts host names that are served; none for any
 * @param serverHealthPath path of the map server that {@code /serverz} asks on the internal port
 * @param probePaths paths of the map server that {@code /probez/0}, {@code /probez/1}, … ask on the
 *     internal port
 * @param keyPassthrough whether the server sees the key on requests for JSON documents, to write it
 *     into their URLs
 * @param bindAddress one address to listen on; empty for all
 * @param tls13Only whether clients must speak TLS 1.3; else 1.2 will do
 * @param controlFromPod whether the control port answers the pod itself: for tests on loopback
 */
public record GatewaySettings(
    List<String> publicHosts,
    ConsoleAccess controlPlane,
    int serverPort,
    Optional<String> serverHealthPath,
    List<String> probePaths,
    Set<Scope> anonymousScopes,
    List<ScopedPath> routes,
    SessionCookies sessions,
    boolean keyPassthrough,
    ClientIpSource clientAddress,
    Optional<SecurityTxt> disclosure,
    Limits limits,
    ClientAddressLog auditAddress,
    GatewayPorts ports,
    String bindAddress,
    boolean tls13Only,
    boolean controlFromPod) {

  public GatewaySettings {
    publicHosts = List.copyOf(publicHosts);
    anonymousScopes = Set.copyOf(anonymousScopes);
    routes = List.copyOf(routes);
    publicHosts.forEach(host -> Lexical.host("hosts:", host));
    Lexical.between("server.port", 1, serverPort, 65535);
    serverHealthPath
        .filter(path -> !path.equals("/"))
        .ifPresent(path -> Lexical.path("server.healthPath:", path));
    probePaths = List.copyOf(probePaths);
    probePaths.forEach(path -> Lexical.path("updates.probePaths:", path));
    if (anonymousScopes.contains(Scope.ADMIN)) {
      throw new IllegalArgumentException("access.anonymousScopes: admin is never anonymous");
    }
    checkRoutes(routes, controlPlane);
    if (!bindAddress.isEmpty()) {
      var _ = java.net.InetAddress.ofLiteral(bindAddress);
    }
  }

  /** A route below the control plane would bypass its host and address checks. */
  private static void checkRoutes(List<ScopedPath> routes, ConsoleAccess controlPlane) {
    for (var route : routes) {
      if (route.scope() == Scope.ADMIN) {
        throw new IllegalArgumentException(
            "access.routes: "
                + route.pathPrefix()
                + " asks for admin; list it in controlPlane.pathPrefixes instead");
      }
      for (var prefix : controlPlane.pathPrefixes()) {
        if (route.key().startsWith(new ScopedPath(prefix, Scope.ADMIN).key())) {
          throw new IllegalArgumentException(
              "access.routes: "
                  + route.pathPrefix()
                  + " lies below the control plane's "
                  + prefix
                  + "; remove it, or change controlPlane.pathPrefixes");
        }
      }
    }
    var paths = new HashMap<String, ScopedPath>();
    for (var route : routes) {
      var other = paths.putIfAbsent(route.key(), route);
      if (other != null && !other.equals(route)) {
        throw new IllegalArgumentException(
            "access.routes: "
                + other.pathPrefix()
                + " and "
                + route.pathPrefix()
                + " are the same path; remove one of them");
      }
    }
  }

  /** Every path that exists, the control plane's included: the content of the routes map. */
  public List<ScopedPath> allRoutes() {
    return Stream.concat(
            routes.stream(),
            controlPlane.pathPrefixes().stream().map(prefix -> new ScopedPath(prefix, Scope.ADMIN)))
        .toList();
  }

  /** Settings with every default, for a server on this port. */
  public static Builder builder(int serverPort) {
    return new Builder(serverPort);
  }

  /** Names the settings that differ from the defaults. */
  public static final class Builder {
    private final int serverPort;
    private List<String> publicHosts = List.of();
    private ConsoleAccess controlPlane = ConsoleAccess.CLOSED;
    private Optional<String> serverHealthPath = Optional.empty();
    private List<String> probePaths = List.of();
    private Set<Scope> anonymousScopes = Set.of();
    private List<ScopedPath> routes = ScopedPath.DEFAULTS;
    private SessionCookies sessions = SessionCookies.DEFAULTS;
    private boolean keyPassthrough;
    private ClientIpSource clientAddress = new ClientIpSource.Direct();
    private Optional<SecurityTxt> disclosure = Optional.empty();
    private Limits limits = Limits.DEFAULTS;
    private ClientAddressLog auditAddress = ClientAddressLog.Truncated;
    private GatewayPorts ports = GatewayPorts.DEFAULTS;
    private String bindAddress = "";
    private boolean tls13Only;
    private boolean controlFromPod;

    private Builder(int serverPort) {
      this.serverPort = serverPort;
    }

    public Builder publicHosts(String... hosts) {
      publicHosts = List.of(hosts);
      return this;
    }

    public Builder controlPlane(ConsoleAccess value) {
      controlPlane = value;
      return this;
    }

    public Builder serverHealthPath(String path) {
      serverHealthPath = Optional.of(path);
      return this;
    }

    public Builder probePaths(List<String> paths) {
      probePaths = paths;
      return this;
    }

    public Builder anonymousScopes(Set<Scope> scopes) {
      anonymousScopes = scopes;
      return this;
    }

    public Builder routes(List<ScopedPath> value) {
      routes = value;
      return this;
    }

    public Builder sessions(SessionCookies value) {
      sessions = value;
      return this;
    }

    public Builder keyPassthrough(boolean on) {
      keyPassthrough = on;
      return this;
    }

    public Builder clientAddress(ClientIpSource value) {
      clientAddress = value;
      return this;
    }

    public Builder disclosure(SecurityTxt value) {
      disclosure = Optional.of(value);
      return this;
    }

    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    public Builder auditAddress(ClientAddressLog value) {
      auditAddress = value;
      return this;
    }

    public Builder ports(GatewayPorts value) {
      ports = value;
      return this;
    }

    public Builder bindAddress(String address) {
      bindAddress = address;
      return this;
    }

    public Builder tls13Only(boolean on) {
      tls13Only = on;
      return this;
    }

    public Builder controlFromPod(boolean on) {
      controlFromPod = on;
      return this;
    }

    public GatewaySettings build() {
      return new GatewaySettings(
          publicHosts,
          controlPlane,
          serverPort,
          serverHealthPath,
          probePaths,
          anonymousScopes,
          routes,
          sessions,
          keyPassthrough,
          clientAddress,
          disclosure,
          limits,
          auditAddress,
          ports,
          bindAddress,
          tls13Only,
          controlFromPod);
    }
  }
}
