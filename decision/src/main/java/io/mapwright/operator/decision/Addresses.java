package io.mapwright.operator.decision;

import io.mapwright.operator.gateway.Cidr;
import io.mapwright.operator.gateway.ClientIpSource;
import io.mapwright.operator.gateway.GatewaySettings;
import java.net.InetAddress;

/** Who is calling: the peer, or whom a proxy that the instance names speaks for. */
final class Addresses {
  private static final InetAddress NOBODY = InetAddress.ofLiteral("0.0.0.0");

  private Addresses() {}

  /** The PROXY protocol is spoken before HTTP, so there the peer is the client already. */
  static InetAddress client(Request request, GatewaySettings settings) {
    var peer = request.client().address();
    return switch (settings.clientAddress()) {
      case ClientIpSource.Direct _, ClientIpSource.ProxyProtocol _ -> peer;
      case ClientIpSource.ForwardedHeader header ->
          header.from().stream().anyMatch(block -> contains(block, peer))
              ? forwarded(request)
              : peer;
    };
  }

  /**
   * The last one, which the named proxy itself wrote, some with a port behind IPv4; without a
   * usable one the client is nobody.
   */
  private static InetAddress forwarded(Request request) {
    var lists = request.all("x-forwarded-for");
    if (lists.isEmpty()) {
      return NOBODY;
    }
    var entries = lists.getLast().split(",", -1);
    try {
      var last = entries[entries.length - 1].strip();
      return InetAddress.ofLiteral(last.replaceFirst("^([0-9.]+):[0-9]+$", "$1"));
    } catch (IllegalArgumentException _) {
      return NOBODY;
    }
  }

  static boolean contains(Cidr block, InetAddress address) {
    var parts = block.text().split("/", -1);
    var network = InetAddress.ofLiteral(parts[0]).getAddress();
    var bytes = address.getAddress();
    if (network.length != bytes.length) {
      return false;
    }
    int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : 8 * bytes.length;
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((network[i / 8] & mask) != (bytes[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
