package io.mapwright.operator.gateway;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator's way in: mutual TLS in front of {@link CommandFilter}. The name in the client
 * certificate chooses the list of commands; a certificate of the right authority with another name
 * gets neither.
 *
 * <p>Anyone who is not the operator must not be able to fill it: nobody comes from inside the pod,
 * one address holds few connections, a handshake ends soon, and the places are its own, whatever
 * happens at the public ports.
 */
final class ControlFrontend {
  static final String TABLES_CLIENT = "mapwright-operator";
  static final String CERTIFICATES_CLIENT = "mapwright-operator-tls";

  /** Places that no other listener can take. */
  static final int CONNECTIONS = 256;

  /** An operator holds three, and twice as many while one takes over from another. */
  private static final int PER_ADDRESS = 16;

  private ControlFrontend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var options =
        "ssl crt %s ca-file %s verify required ssl-min-ver TLSv1.3"
            .formatted(paths.controlCertificate(), paths.controlCa());
    return new Template(TEXT)
        .with("bind", Listen.on(settings, settings.ports().control(), options))
        .with("outside", settings.controlFromPod() ? "" : OUTSIDE_ONLY)
        .with("connections", CONNECTIONS)
        .with("perAddress", PER_ADDRESS)
        .with("tables", TABLES_CLIENT)
        .with("certificates", CERTIFICATES_CLIENT)
        .with("backends", forEachClient(BACKEND, paths))
        .with("filters", forEachClient(FILTER, paths))
        .done();
  }

  private static String forEachClient(String section, GatewayPaths paths) {
    return Stream.of("tables", "certificates")
        .map(client ->
            new Template(section)
                .with("client", client)
                .with("socket", paths.commandSocket(client))
                .done())
        .collect(Collectors.joining());
  }

  private static final String BACKEND =
      """
      backend control_{{client}} from base
          mode tcp
          timeout tunnel 10m
          server filter unix@{{socket}}

      """;

  private static final String FILTER =
      """
      frontend control_{{client}}_filter from base
          mode tcp
          no option idle-close-on-response
          timeout client 10m
          bind unix@{{socket}} mode 600
          tcp-request content use-service lua.control_{{client}}

      """;

  private static final String OUTSIDE_ONLY =
      """
          tcp-request connection set-var(sess.own) dst
          tcp-request connection reject if { src 127.0.0.0/8 ::1 } || { src,strcmp(sess.own) eq 0 }
      """;

  private static final String TEXT =
      """

      frontend control from base
          mode tcp
          no option idle-close-on-response
          maxconn {{connections}}
          # Until the handshake is done; from then on the tunnel's holds.
          timeout client 5s
      {{bind}}\
      {{outside}}\
          tcp-request connection track-sc0 src table control_connections
          tcp-request connection reject if { sc0_conn_cur gt {{perAddress}} }
          acl for_tables ssl_c_s_dn(cn) -m str {{tables}}
          acl for_certificates ssl_c_s_dn(cn) -m str {{certificates}}
          tcp-request content reject unless for_tables || for_certificates
          use_backend control_tables if for_tables
          use_backend control_certificates if for_certificates

      {{backends}}\
      {{filters}}\
      backend control_connections from base
          stick-table type ipv6 size 1k expire 1m store conn_cur
      """;
}
