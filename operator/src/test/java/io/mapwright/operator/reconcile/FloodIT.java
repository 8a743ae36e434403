package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys are revoked while somebody floods the port of metrics with requests that never end. */
@ExtendWith(ApiServer.class)
class FloodIT {
  private static final Logger log = LoggerFactory.getLogger(FloodIT.class);
  private static final int KEYS = 20;

  private final ApiServer.Running server;
  private final Cluster cluster;
  private volatile boolean over;
  private final AtomicInteger sent = new AtomicInteger();

  FloodIT(ApiServer.Running server) {
    this.server = server;
    cluster = new Cluster(server.admin(), server.namespace("flood"));
  }

  @Test
  void keysAreRevokedAndTheKubeletIsAnswered() throws Exception {
    cluster.certificate("own-tls", "maps.example.com");
    cluster.instance(
        "tiles",
        """
        hosts: [maps.example.com]
        server: {image: "maps:1"}
        tls: {secretName: own-tls}
        """);
    try (var operator = Cluster.operator(server.client(), cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 2);
        var http = HttpClient.newHttpClient()) {
      var digests = IntStream.range(0, KEYS).mapToObj(n -> Names.sha256("key " + n)).toList();
      for (int n = 0; n < KEYS; n++) {
        cluster.key(
            "key-" + n,
            "instanceRef: {name: tiles}\nscopes: [tiles]\ndigest: " + digests.get(n) + "\n");
      }
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> digests.stream().allMatch(digest -> pods.all(true, digest)));
      var flood = Thread.ofPlatform().start(() -> flood(operator.port()));
      Thread.sleep(1000);
      var took = new ArrayList<Duration>();
      for (int n = 0; n < KEYS; n++) {
        var digest = digests.get(n);
        var begin = System.nanoTime();
        cluster.patch(ApiKey.class, "key-" + n, "{\"spec\":{\"revoked\":true}}");
        await()
            .pollInterval(Duration.ofMillis(5))
            .atMost(Duration.ofSeconds(5))
            .until(() -> pods.all(false, digest));
        took.add(Duration.ofNanos(System.nanoTime() - begin));
        var live = URI.create("http://127.0.0.1:" + operator.probePort() + "/livez");
        assertThat(
                http.send(
                        HttpRequest.newBuilder(live).timeout(Duration.ofSeconds(2)).build(),
                        BodyHandlers.ofString())
                    .statusCode())
            .isEqualTo(200);
      }
      over = true;
      flood.join();
      took.sort(null);
      log.info(
          "{} half-sent requests meanwhile; revoked within {} at most, half of them within {}",
          sent,
          took.getLast(),
          took.get(KEYS / 2));
      assertThat(sent.get()).isGreaterThan(200);
    }
  }

  private void flood(int port) {
    var held = new ArrayDeque<Socket>();
    try {
      while (!over) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        held.add(socket);
        sent.incrementAndGet();
        if (held.size() > 2000) {
          held.remove().close();
        }
        Thread.sleep(2);
      }
      for (var socket : held) {
        socket.close();
      }
    } catch (IOException e) {
      log.warn("the flood ended early", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
