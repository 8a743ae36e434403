package io.mapwright.operator.gateway;

import java.net.InetAddress;

/**
 * Another replica to count limits together with; the name is what that replica is started with
 * ({@code -L}).
 */
public record HaproxyPeer(String name, String address, int port) {
  public HaproxyPeer {
    Lexical.name("peer name", name);
    if (address.matches("[0-9.]+") || address.contains(":")) {
      var _ = InetAddress.ofLiteral(address);
    } else {
      Lexical.host("peer address", address);
    }
    Lexical.between("peer port", 1, port, 65535);
  }
}
