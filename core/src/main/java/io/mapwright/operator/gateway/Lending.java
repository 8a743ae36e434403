package io.mapwright.operator.gateway;

/**
 * The gateways of an instance lend each other parts of the limits (decision 0042). One listener
 * answers the others, with mutual TLS: whoever asks must hold the certificate that the gateways of
 * this instance have. On a socket inside the pod the script {@code lending.lua} asks them.
 */
public final class Lending {
  public static final String FILE_NAME = "lending.lua";

  /** Places that no other listener can take. */
  static final int CONNECTIONS = 256;

  /**
   * A map server that fills its share of them stops its own gateway from borrowing, and no other.
   */
  private static final int PER_ADDRESS = 64;

  private static final Template SCRIPT = Template.resource(FILE_NAME);

  private Lending() {}

  /** The script. It names files, for HAProxy 2.6 gives scripts no arguments. */
  public static String script(GatewayPaths paths) {
    return SCRIPT
        .with("shares", paths.map(GatewayMap.SHARES))
        .with("meta", paths.map(GatewayMap.META))
        .with("socket", paths.borrowSocket())
        .with("keysExpire", LimitTables.KEYS_EXPIRE.toMillis())
        .with("clientsExpire", LimitTables.CLIENTS_EXPIRE.toMillis())
        .done();
  }

  /** Line of the section global, after those of {@link CommandFilter} that set up Lua. */
  static String load(GatewayPaths paths) {
    return "    lua-load " + paths.lending() + "\n";
  }

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var tls =
        "ssl crt %s ca-file %s ssl-min-ver TLSv1.3 verify required"
            .formatted(paths.controlCertificate(), paths.controlCa());
    return new Template(TEXT)
        .with("bind", Listen.on(settings, settings.ports().lending(), tls))
        .with("connections", CONNECTIONS)
        .with("socket", paths.borrowSocket())
        .with("perAddress", PER_ADDRESS)
        .with("port", settings.ports().lending())
        .with("tls", tls)
        .done();
  }

  private static final String TEXT =
      """

      frontend lending from base
          maxconn {{connections}}
          timeout client 15s
          # Connections that others keep for later must not hold up a process that stops.
          no option idle-close-on-response
      {{bind}}\
          tcp-request connection track-sc0 src table lending_connections
          tcp-request connection reject if { sc0_conn_cur gt {{perAddress}} }
          # The authority is the instance's own; of what it issued, only the gateways' certificate will do.
          tcp-request content set-var(sess.own_name) ssl_f_s_dn(cn)
          tcp-request content reject unless { ssl_c_s_dn(cn),strcmp(sess.own_name) eq 0 }
          http-request deny unless { method GET } { path /share /loans } !{ req.fhdr(transfer-encoding) -m found } !{ req.hdr_val(content-length) gt 0 }
          http-request lua.lend
          http-request return status 200 hdr X-Answer %[var(txn.answer)]

      frontend borrow from base
          maxconn {{connections}}
          no option idle-close-on-response
          bind unix@{{socket}} mode 600
          http-request set-dst hdr_ip(x-gateway)
          default_backend others

      backend others from base
          timeout connect 1s
          timeout server 1s
          retries 0
          http-reuse always
          # The authority says whose gateway it is; from 3.3 on the name of the request would be compared as well.
      .if version_atleast(3.3)
          default-server no-sni-auto
      .endif
          server gateway 0.0.0.0:{{port}} {{tls}} pool-purge-delay 30s

      backend lending_connections from base
          stick-table type ipv6 size 1k expire 1m store conn_cur
      """;
}
