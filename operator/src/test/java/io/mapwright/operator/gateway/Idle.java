package io.mapwright.operator.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Connections from one address that are held and say nothing. */
final class Idle implements AutoCloseable {
  private final List<Socket> held = new ArrayList<>();

  Idle(int port, String from, int number) throws IOException {
    for (int i = 0; i < number; i++) {
      try {
        held.add(connect(port, from));
      } catch (SocketTimeoutException e) {
        // The queue of those that wait is full: it cannot be fuller.
        break;
      } catch (SocketException e) {
        if (held.isEmpty()) {
          throw e;
        }
        // Refused: what the gateway is to do with too many.
      }
    }
  }

  static Socket connect(int port, String from) throws IOException {
    var socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 300);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    for (var socket : held) {
      socket.close();
    }
  }
}
