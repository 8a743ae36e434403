package io.mapwright.operator.bench;

import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.kube.KeyRestorer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a pod or a tenant can do to the operator, each for as long as it is not closed. Bounded in
 * connections and bytes; only addresses of this machine's loopback are asked.
 */
final class Attacks {
  private static final int CONNECTIONS = 6000;
  private static final int INTERNAL_PORT = GatewayPorts.DEFAULTS.internal();

  private Attacks() {}

  /** Something that continues until it is closed. */
  interface Attack extends AutoCloseable {
    /** How much was done: requests started, bytes sent or keys made. */
    long done();

    @Override
    void close() throws IOException;
  }

  /** Nothing, to compare with. */
  static Attack none() {
    return attack(() -> 0, () -> {});
  }

  private static Attack attack(LongSupplier done, Closeable end) {
    return new Attack() {
      @Override
      public long done() {
        return done.getAsLong();
      }

      @Override
      public void close() throws IOException {
        end.close();
      }
    };
  }

  /** Thousands of requests that are never sent to their end, opened again when they are cut. */
  static Attack halfRequests(int port) {
    var sockets = new ArrayList<Socket>();
    var done = new AtomicLong();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              for (int i = 0; i < CONNECTIONS && !Thread.currentThread().isInterrupted(); i++) {
                halfRequest(port, sockets, done);
              }
            });
    return attack(
        done::get,
        () -> {
          thread.interrupt();
          synchronized (sockets) {
            for (var socket : sockets) {
              socket.close();
            }
          }
        });
  }

  private static void halfRequest(int port, List<Socket> sockets, AtomicLong done) {
    try {
      var socket = new Socket();
      synchronized (sockets) {
        sockets.add(socket);
      }
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1000);
      socket
          .getOutputStream()
          .write(
              ("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Filler: " + "x".repeat(4000))
                  .getBytes(StandardCharsets.US_ASCII));
      done.incrementAndGet();
    } catch (IOException e) {
      // Refused or cut: what is hoped for. The next one is tried.
      Thread.onSpinWait();
    }
  }

  /**
   * Map servers that never end what they answer to the question whether an image works.
   *
   * @param instances each with one gateway that answers the operator, at the address of the same
   *     place; the pods become ready here, and then are asked
   */
  static Attack endlessAnswers(
      Api api, String namespace, List<String> instances, List<String> addresses)
      throws IOException, InterruptedException {
    var servers = new ArrayList<HostileMapServer>();
    for (int i = 0; i < instances.size(); i++) {
      var kinds = HostileMapServer.Answer.values();
      servers.add(new HostileMapServer(addresses.get(i), INTERNAL_PORT, kinds[i % kinds.length]));
      api.podsServe(namespace, instances.get(i), List.of(addresses.get(i)));
    }
    for (var server : servers) {
      Waits.until("a map server is asked", Duration.ofMinutes(1), () -> server.sent() > 0);
    }
    return attack(
        () -> servers.stream().mapToLong(HostileMapServer::sent).sum(),
        () -> {
          for (var server : servers) {
            server.close();
          }
        });
  }

  /**
   * Restores whose pods print, in place of keys, a text that is a thousand times its size when it
   * is unzipped. The Jobs are there.
   */
  static Attack logBombs(Api api, StandInNode node, String namespace, List<String> jobs)
      throws InterruptedException {
    for (var job : jobs) {
      node.ran(
          api.pod(namespace, "job-name", job),
          KeyRestorer.CONTAINER,
          "stage=done\nexit=0\nsnapshot=1a2b3c4d\nlog:\n");
    }
    return attack(node::sent, () -> {});
  }

  /** ApiKeys that all claim one digest. */
  static Attack oneDigest(Api api, String namespace, int count) {
    var digest = ", digest: \"" + "5".repeat(64) + "\"";
    var done = new AtomicLong();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Api.parallel(
                    0,
                    count,
                    Api.PARALLEL,
                    number -> {
                      api.client
                          .resource(Api.key(namespace, "same-" + number, "tiles", digest))
                          .create();
                      done.incrementAndGet();
                    });
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return attack(
        done::get,
        () -> {
          try {
            thread.join(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
