package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The map server shares the gateway's network: it must not get a port that is the gateway's. */
final class PortAttacks {
  private PortAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("a second listener on a port of the gateway", PortAttacks::shared),
        Attack.of("ports of a gateway that runs are proven", PortAttacks::proven),
        Attack.of("ports that the server took are not", PortAttacks::taken),
        Attack.of("a gateway without one of its ports does not start", PortAttacks::oneMissing));
  }

  private static IntStream ports(GatewayPorts ports) {
    return IntStream.of(ports.https(), ports.http(), ports.internal(), ports.control());
  }

  private static ServerSocketChannel listen(int port) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** By the very user that the gateway runs as: its own user is the second wall, not the first. */
  private static void shared(Gateway gw) {
    ports(gw.settings.ports())
        .forEach(port ->
            assertThatThrownBy(() -> listen(port).close())
                .as("port %d", port)
                .isInstanceOf(BindException.class));
  }

  private static void proven(Gateway gw) throws Exception {
    assertThat(proof(gw.settings.ports(), ownUser())).isEqualTo("");
    assertThat(proof(gw.settings.ports(), ownUser() + 1)).contains("is not the gateway's");
  }

  private static void taken(Gateway gw) throws Exception {
    var running = gw.settings.ports();
    int taken = Gateway.freePort();
    var ports =
        new GatewayPorts(
            running.https(), running.http(), taken, running.control(), running.lending());
    assertThat(proof(ports, ownUser())).contains("port " + taken + " (tcp)");
    try (var server = listen(taken)) {
      assertThat(server.isOpen()).isTrue();
      // Of our user here, of another in a pod: the proof asks for the gateway's.
      assertThat(proof(ports, ownUser())).isEqualTo("");
      assertThat(proof(ports, ownUser() + 1)).contains("is not the gateway's");
    }
  }

  private static void oneMissing(Gateway gw) throws Exception {
    try (var server = listen(Gateway.freePort())) {
      int taken = ((InetSocketAddress) server.getLocalAddress()).getPort();
      var ports =
          new GatewayPorts(
              Gateway.freePort(),
              Gateway.freePort(),
              taken,
              Gateway.freePort(),
              Gateway.freePort());
      try (var second = new Gateway(gw.haproxy, settings -> settings.ports(ports), text -> text)) {
        assertThat(second.endsWithin(Duration.ofSeconds(5))).isTrue();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(":" + taken);
      }
    }
  }

  private static long ownUser() throws IOException {
    return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
  }

  /** What the check says; nothing if it passes. */
  private static String proof(GatewayPorts ports, long user) throws Exception {
    var process =
        new ProcessBuilder(new PortProof(ports, user, List.of("tcp")).command())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(said.isEmpty() ? 0 : 1);
    return said;
  }
}
