package io.mapwright.operator.gateway;

import java.util.List;

/** How the gateway determines the client's address; a header from anyone else is never trusted. */
public sealed interface ClientIpSource {

  /** The peer of the connection. */
  record Direct() implements ClientIpSource {}

  /** The PROXY protocol, required from these load balancers and refused from all others. */
  record ProxyProtocol(List<Cidr> from) implements ClientIpSource {
    public ProxyProtocol {
      from = named(from);
    }
  }

  /** The last address in {@code X-Forwarded-For}, trusted from these proxies only. */
  record ForwardedHeader(List<Cidr> from) implements ClientIpSource {
    public ForwardedHeader {
      from = named(from);
    }
  }

  private static List<Cidr> named(List<Cidr> from) {
    if (from.isEmpty()) {
      throw new IllegalArgumentException(
          "gateway.clientAddress.trustedCidrs: name at least one address block of the proxies to believe");
    }
    return List.copyOf(from);
  }
}
