package io.mapwright.operator.gateway;

import java.util.List;
import java.util.stream.Collectors;

/** The client's address, and how many connections one client may hold. */
final class ClientRules {
  private ClientRules() {}

  static String render(GatewaySettings settings) {
    return "\n    # --- client address\n"
        + switch (settings.clientAddress()) {
          case ClientIpSource.Direct _ -> connections("connection", settings, "");
          case ClientIpSource.ProxyProtocol proxy ->
              "    tcp-request connection reject unless { src "
                  + words(proxy.from())
                  + " }\n"
                  + "    tcp-request connection expect-proxy layer4\n"
                  + connections("session", settings, "");
          case ClientIpSource.ForwardedHeader header -> forwarded(header, settings);
        };
  }

  private static String connections(String level, GatewaySettings settings, String unless) {
    return """
        tcp-request %1$s track-sc0 src,ipmask(32,64) table connections%3$s
        tcp-request %1$s reject if { sc0_conn_cur gt %2$d }
    """
        .formatted(level, settings.limits().maxConnectionsPerAddress(), unless);
  }

  private static String forwarded(ClientIpSource.ForwardedHeader header, GatewaySettings settings) {
    return new Template(
            """
                acl from_proxy src {{proxies}}
            {{connections}}\
                # Stored first: set-src changes what src means. Without a usable address the client is nobody.
                http-request set-var(txn.proxied) bool(true) if from_proxy
                http-request set-var(txn.forwarded) req.hdr_ip(x-forwarded-for,-1) if { var(txn.proxied) -m bool }
                http-request set-src ipv4(0.0.0.0) if { var(txn.proxied) -m bool }
                http-request set-src var(txn.forwarded) if { var(txn.forwarded) -m found }
            """)
        .with("proxies", words(header.from()))
        .with("connections", connections("connection", settings, " unless from_proxy"))
        .done();
  }

  static String words(List<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::text).collect(Collectors.joining(" "));
  }
}
