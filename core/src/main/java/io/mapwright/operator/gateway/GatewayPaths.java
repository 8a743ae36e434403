package io.mapwright.operator.gateway;

/**
 * Where the gateway finds its files. Runtime map commands name maps by these paths, so they never
 * change.
 */
public record GatewayPaths(String gateway, String tls, String control, String run) {
  public static final String CLIENT_CA = "client-ca.crt";

  public static final GatewayPaths DEFAULTS =
      new GatewayPaths(
          "/etc/mapwright/gateway",
          "/etc/mapwright/tls",
          "/etc/mapwright/control",
          "/run/mapwright");

  public GatewayPaths {
    Lexical.folder("gateway folder", gateway);
    Lexical.folder("tls folder", tls);
    Lexical.folder("control folder", control);
    Lexical.folder("run folder", run);
  }

  public String map(GatewayMap map) {
    return gateway + "/" + map.fileName();
  }

  public String routes() {
    return gateway + "/" + RouteMap.FILE_NAME;
  }

  /** The file that {@code set ssl cert} names. */
  public String certificate() {
    return tls + "/tls.crt";
  }

  public String controlCertificate() {
    return control + "/tls.crt";
  }

  public String controlCa() {
    return control + "/ca.crt";
  }

  /** The authority of the control plane's clients; there if the instance names one. */
  public String clientCa() {
    return gateway + "/" + CLIENT_CA;
  }

  /** Level user: maps only. */
  public String runtimeSocket() {
    return run + "/runtime.sock";
  }

  /** Level admin: certificate renewal. */
  public String adminSocket() {
    return run + "/admin.sock";
  }
}
