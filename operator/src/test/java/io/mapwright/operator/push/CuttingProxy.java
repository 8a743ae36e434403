package io.mapwright.operator.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Forwards TCP and cuts the connection once, after a number of bytes one way or the other. */
final class CuttingProxy implements AutoCloseable {

  private static final long NEVER = Long.MAX_VALUE / 2;

  private final ServerSocket listener;
  private final String host;
  private final int port;
  final AtomicLong requestsLeft = new AtomicLong(NEVER);
  final AtomicLong answersLeft = new AtomicLong(NEVER);

  CuttingProxy(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName(host));
    Thread.ofVirtual().start(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        var server = new Socket(host, port);
        Thread.ofVirtual().start(() -> forward(client, server, requestsLeft));
        Thread.ofVirtual().start(() -> forward(server, client, answersLeft));
      } catch (IOException e) {
        // The server may be down; the client sees its connection closed or refused.
      }
    }
  }

  private static void forward(Socket from, Socket to, AtomicLong left) {
    try (from;
        to) {
      copy(from.getInputStream(), to.getOutputStream(), left);
    } catch (IOException e) {
      // One of the two ends is gone, and so goes the other.
    }
  }

  private static void copy(InputStream in, OutputStream out, AtomicLong left) throws IOException {
    var buffer = new byte[4096];
    for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
      long remaining = left.addAndGet(-count);
      out.write(buffer, 0, (int) Math.max(0, Math.min(count, count + remaining)));
      out.flush();
      if (remaining <= 0) {
        left.set(NEVER);
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
