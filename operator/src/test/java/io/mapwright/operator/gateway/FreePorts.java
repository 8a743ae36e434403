package io.mapwright.operator.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for listeners that other processes open, each given out once in a run.
 *
 * <p>HAProxy binds with SO_REUSEPORT: two listeners that were given the same port both start, and
 * the kernel deals the connections out between them. A test then talks to the wrong one every other
 * time. Below 32768 lies outside of what the kernel gives to outgoing connections, so none takes
 * the port before its listener does; above 30000 are the node ports of a cluster.
 */
public final class FreePorts {
  private static final int FIRST = 12_000;
  private static final int COUNT = 18_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePorts() {}

  public static int next() {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // taken: the next one
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }
}
