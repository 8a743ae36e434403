package io.mapwright.operator.gateway;

/** Bind lines: one address, or all of IPv4 and IPv6. */
final class Listen {
  private Listen() {}

  static String on(GatewaySettings settings, int port, String options) {
    var address = settings.bindAddress();
    if (!address.isEmpty()) {
      return bind(address.contains(":") ? "[" + address + "]" : address, port, options);
    }
    // Two sockets: on one for both families an IPv4 client looks like ::ffff:a.b.c.d, and would
    // share one /64.
    return bind("0.0.0.0", port, options) + bind("[::]", port, "v6only " + options);
  }

  private static String bind(String address, int port, String options) {
    return "    bind " + address + ":" + port + (" " + options).stripTrailing() + "\n";
  }
}
