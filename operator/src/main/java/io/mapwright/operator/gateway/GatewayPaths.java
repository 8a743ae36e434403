package io.mapwright.operator.gateway;

/**
 * Where the gateway finds its files. Runtime map commands name maps by these paths, so they never
 * change.
 */
public record GatewayPaths(String gateway, String tls, String control, String adminCa, String run) {

  public static final GatewayPaths DEFAULTS =
      new GatewayPaths(
          "/etc/mapwright/gateway",
          "/etc/mapwright/tls",
          "/etc/mapwright/control",
          "/etc/mapwright/admin-ca",
          "/run/mapwright");

  public GatewayPaths {
    Lexical.folder("gateway folder", gateway);
    Lexical.folder("tls folder", tls);
    Lexical.folder("control folder", control);
    Lexical.folder("adminCa folder", adminCa);
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

  public String adminCaFile() {
    return adminCa + "/ca.crt";
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
