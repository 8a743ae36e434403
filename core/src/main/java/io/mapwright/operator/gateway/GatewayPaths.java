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

  /** The script that stands before HAProxy's command line. */
  public String commandFilter() {
    return gateway + "/" + CommandFilter.FILE_NAME;
  }

  /** The script that lends parts of limits to other gateways. */
  public String lending() {
    return gateway + "/" + Lending.FILE_NAME;
  }

  /** Where that script reaches other gateways. */
  String borrowSocket() {
    return run + "/borrow.sock";
  }

  /**
   * Where the filter takes commands of one client.
   *
   * @param client {@code tables} or {@code certificates}
   */
  String commandSocket(String client) {
    return run + "/" + client + ".sock";
  }

  /** HAProxy's command line itself, with level admin. */
  public String adminSocket() {
    return run + "/admin.sock";
  }
}
