package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that are changed at random, through the real filter, to a socket in place of HAProxy's
 * command line: whatever arrives there is one command of the list, judged by a grammar of its own.
 */
@Timeout(120)
class CommandFilterIT {
  private static final int CASES = 1500;
  private static final String MAP = "/maps/(?:keys|meta)\\.map";
  private static final String FIRST = "[!-~&&[^;\\\\\"'<#@]]";
  private static final String WORD = FIRST + "[!-~&&[^;\\\\\"'<]]*";
  private static final String PAYLOAD = "<<\n(?:[ -~]+\n)*\n";

  private static final Map<String, Pattern> ADMITTED =
      Map.of(
          "tables",
          grammar(
              "(?:get|del) map MAP WORD\n",
              "set map MAP WORD WORD\n",
              "add map (?:@\\d+ )?MAP PAYLOAD",
              "prepare map MAP\n",
              "commit map @\\d+ MAP\n",
              "show (?:map|info)\n"),
          "certificates",
          grammar(
              "(?:show|commit) ssl cert /tls\\.crt\n",
              "set ssl cert /tls\\.crt PAYLOAD",
              "abort ssl cert WORD\n",
              "show table keys data\\.gpt0 gt \\d+\n"));

  private static final List<String> COMMANDS =
      List.of(
          "prompt",
          "get map /maps/keys.map a",
          "set map /maps/keys.map a b",
          "del map /maps/meta.map a",
          "add map /maps/keys.map <<\na b\nc d\n",
          "add map @3 /maps/keys.map <<\na b\n",
          "prepare map /maps/keys.map",
          "commit map @2 /maps/meta.map",
          "show map",
          "show info",
          "show ssl cert /tls.crt",
          "set ssl cert /tls.crt <<\n-----BEGIN X-----\nabc=\n",
          "commit ssl cert /tls.crt",
          "abort ssl cert /other",
          "show table keys data.gpt0 gt 12",
          "show errors");

  private static final List<String> PARTS =
      List.of(
          ";",
          "\\",
          "\"",
          "'",
          "<",
          "<<",
          "\n",
          "\n\n",
          "\r",
          "\0",
          "\t",
          "\u000b",
          " ",
          "  ",
          "#",
          "@",
          "@1",
          "%",
          "\u0080",
          "\u00a0",
          "\u00ff",
          "\nshow errors\n",
          ";show errors",
          "/../",
          ".map",
          "prompt\n",
          "*",
          "[",
          "-",
          "^",
          "$",
          ".",
          "a".repeat(300));

  @TempDir private Path folder;

  private static Pattern grammar(String... commands) {
    return Pattern.compile(
        String.join("|", commands)
            .replace("MAP", MAP)
            .replace("WORD", WORD)
            .replace("PAYLOAD", PAYLOAD));
  }

  @TestFactory
  Stream<DynamicNode> commands() {
    return GatewayAttackIT.onEach(haproxy ->
        LongStream.of(1, 2, new Random().nextLong())
            .mapToObj(seed ->
                DynamicTest.dynamicTest(
                    "seed " + seed, () -> onlyTheListPasses(haproxy, new Random(seed)))));
  }

  private void onlyTheListPasses(Path haproxy, Random random) throws Exception {
    var place = Files.createTempDirectory(folder, "filter");
    var received = new ConcurrentLinkedQueue<String>();
    try (var line = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      line.bind(UnixDomainSocketAddress.of(place.resolve("admin")));
      Thread.ofVirtual().start(() -> record(line, received));
      var process = start(haproxy, place);
      try {
        for (int i = 0; i < CASES; i++) {
          var client = random.nextBoolean() ? "tables" : "certificates";
          say(place.resolve(client), text(random), random);
          for (var command = received.poll(); command != null; command = received.poll()) {
            assertThat(command).as("to %s", client).matches(ADMITTED.get(client));
          }
        }
        say(place.resolve("tables"), "show info\n", random);
        assertThat(received).containsExactly("show info\n");
      } finally {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private static Process start(Path haproxy, Path place) throws Exception {
    Files.writeString(
        place.resolve("filter.lua"),
        CommandFilter.script(
            place.resolve("admin").toString(),
            List.of("/maps/keys.map", "/maps/meta.map"),
            List.of("/tls.crt")));
    var config = place.resolve("haproxy.cfg");
    Files.writeString(
        config,
        """
        global
        .if version_atleast(3.1)
          tune.lua.bool-sample-conversion normal
        .endif
          lua-load %1$s/filter.lua
        defaults
          mode tcp
          timeout client 10s
        frontend tables
          bind unix@%1$s/tables
          tcp-request content use-service lua.control_tables
        frontend certificates
          bind unix@%1$s/certificates
          tcp-request content use-service lua.control_certificates
        """
            .formatted(place));
    var process =
        new ProcessBuilder(haproxy.toString(), "-db", "-q", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("log").toFile())
            .start();
    for (var end = Instant.now().plusSeconds(10); !accepts(place.resolve("certificates")); ) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new IOException("not started: " + Files.readString(place.resolve("log")));
      }
      Thread.sleep(10);
    }
    return process;
  }

  private static boolean accepts(Path socket) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /** One to three commands, most of them damaged. */
  private static String text(Random random) {
    var text = new StringBuilder(random.nextBoolean() ? "prompt\n" : "");
    for (int commands = 1 + random.nextInt(3); commands > 0; commands--) {
      var command = new StringBuilder(any(COMMANDS, random));
      for (int changes = random.nextInt(3); changes > 0 && !command.isEmpty(); changes--) {
        int at = random.nextInt(command.length());
        if (random.nextInt(5) > 0) {
          command.insert(at, any(PARTS, random));
        } else {
          command.delete(at, at + 1 + random.nextInt(3));
        }
      }
      text.append(command).append('\n');
    }
    return text.toString();
  }

  private static String any(List<String> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  /** Sends it in pieces and waits until the filter has ended the connection. */
  private static void say(Path socket, String text, Random random) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      var bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
      while (bytes.hasRemaining()) {
        int size = Math.min(bytes.remaining(), 1 + random.nextInt(100));
        channel.write(bytes.slice(bytes.position(), size));
        bytes.position(bytes.position() + size);
      }
      channel.shutdownOutput();
      while (channel.read(ByteBuffer.allocate(4096)) >= 0) {
        // Until it ends.
      }
    } catch (IOException e) {
      // It was refused before all of it was sent.
    }
  }

  /** Takes what comes on each connection until nothing more does, and answers as HAProxy would. */
  private static void record(ServerSocketChannel line, Queue<String> received) {
    while (true) {
      try (var channel = line.accept()) {
        var text = new StringBuilder();
        var buffer = ByteBuffer.allocate(64 << 10);
        while (!whole(text) && channel.read(buffer) >= 0) {
          text.append(ISO_8859_1.decode(buffer.flip()));
          buffer.clear();
        }
        channel.configureBlocking(false);
        if (channel.read(buffer) > 0) {
          text.append(ISO_8859_1.decode(buffer.flip()));
        }
        received.add(text.toString());
        channel.write(ByteBuffer.wrap("done\n\n".getBytes(ISO_8859_1)));
      } catch (IOException e) {
        if (!line.isOpen()) {
          return;
        }
      }
    }
  }

  private static boolean whole(CharSequence text) {
    var all = text.toString();
    return all.contains(" <<\n") ? all.endsWith("\n\n") : all.endsWith("\n");
  }
}
