package io.mapwright.operator.gateway;

/** The process: threads, sockets, TLS, and the defaults that every section starts from. */
final class ProcessSection {
  private ProcessSection() {}

  static String render(GatewaySettings settings, GatewayPaths paths) {
    var limits = settings.limits();
    var text =
        new Template(TEXT)
            .with("threads", limits.threads())
            .with("connections", connections(limits))
            .with("headers", limits.maxHeaders())
            .with("scripts", CommandFilter.load(paths) + Lending.load(paths))
            .done();
    return text + AnswersBackend.errors();
  }

  /**
   * The sum of what the listeners may hold, so that none takes a place from another; each
   * connection of the operator has two more, to the filter of its commands and from there to the
   * command line.
   */
  private static int connections(Limits limits) {
    return limits.maxConnections()
        + HttpFrontend.connections(limits)
        + InternalFrontend.CONNECTIONS
        + 3 * ControlFrontend.CONNECTIONS
        + 2 * Lending.CONNECTIONS;
  }

  private static final String TEXT =
      """
      global
          nbthread {{threads}}
          maxconn {{connections}}
          hard-stop-after 30s
          # A port that is ours is nobody else's, be it another process of the same user.
          noreuseport
          tune.http.maxhdr {{headers}}
          # normalize-uri is still marked experimental in 3.4; the tests run it on every supported version.
          expose-experimental-directives
      .if version_atleast(3.2)
          # Rules that yield to other requests between a look at a counter and its raise would let all of them in.
          tune.max-rules-at-once 1000
      .endif
      {{scripts}}\
          # A mounted Secret has tls.crt and tls.key.
          ssl-load-extra-files key
          ssl-load-extra-del-ext
          # TLS 1.2 with forward secrecy and AEAD only, as BCP 195 (RFC 9325, 4.2) asks.
          ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
          ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
          ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256

      defaults base
          mode http
          timeout connect 2s
          # A whole request head within 5 s, or the connection is cut.
          timeout http-request 5s
          timeout client 30s
          timeout server 60s
          timeout http-keep-alive 15s
          timeout queue 5s
          option dontlognull
          # On a reload idle connections close after their next answer, not under the next request.
          option idle-close-on-response
      """;
}
