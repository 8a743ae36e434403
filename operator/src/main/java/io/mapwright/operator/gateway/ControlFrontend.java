package io.mapwright.operator.gateway;

/**
 * The operator's way in: mutual TLS in front of the runtime sockets. The name in the client
 * certificate chooses the socket; a certificate of the right authority with another name gets
 * neither.
 */
final class ControlFrontend {
  static final String TABLES_CLIENT = "mapwright-operator";
  static final String CERTIFICATES_CLIENT = "mapwright-operator-tls";

  private ControlFrontend() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var options =
        "ssl crt %s ca-file %s verify required ssl-min-ver TLSv1.3"
            .formatted(paths.controlCertificate(), paths.controlCa());
    return new Template(TEXT)
        .with("bind", Listen.on(settings, settings.ports().control(), options))
        .with("tables", TABLES_CLIENT)
        .with("certificates", CERTIFICATES_CLIENT)
        .with("runtime", paths.runtimeSocket())
        .with("admin", paths.adminSocket())
        .done();
  }

  private static final String TEXT =
      """

      frontend control from base
          mode tcp
          no option idle-close-on-response
          maxconn 64
          timeout client 10m
      {{bind}}\
          acl for_tables ssl_c_s_dn(cn) -m str {{tables}}
          acl for_certificates ssl_c_s_dn(cn) -m str {{certificates}}
          tcp-request content reject unless for_tables || for_certificates
          use_backend control_tables if for_tables
          use_backend control_certificates if for_certificates

      backend control_tables from base
          mode tcp
          timeout server 10m
          server runtime unix@{{runtime}}

      backend control_certificates from base
          mode tcp
          timeout server 10m
          server runtime unix@{{admin}}
      """;
}
