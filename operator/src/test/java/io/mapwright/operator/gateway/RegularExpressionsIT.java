package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * A matcher that runs out of its stack says "no match", and whatever a rule does on a match it then
 * leaves undone. So every expression that is rendered is given the longest texts that it can meet,
 * at HAProxy itself, and has to say of each what it would of a short one.
 */
@Timeout(120)
class RegularExpressionsIT {
  private static final Pattern RENDERED =
      Pattern.compile(
          "-m reg (?:-i )?(?:'([^']+)'|([^' ]\\S*))"
              + "|regsub\\(\"([^\"]+)\""
              + "|del-header '([^']+)' -m reg"
              + "|replace-(?:header|value) [A-Za-z-]+ '([^']+)'");

  @TestFactory
  Stream<DynamicNode> judgesTheLongestTexts() {
    return GatewayAttackIT.onEach(
        haproxy -> Stream.of(DynamicTest.dynamicTest("every expression", () -> run(haproxy))));
  }

  private static List<String> rendered() {
    var found = new TreeSet<String>();
    for (var settings : GoldenCases.all().values()) {
      if (!settings.sessions().equals(SessionCookies.DEFAULTS)) {
        continue; // the same expressions with another name in them
      }
      var matcher = RENDERED.matcher(HaproxyConfig.render(settings, GatewayPaths.DEFAULTS));
      while (matcher.find()) {
        for (int group = 1; group <= matcher.groupCount(); group++) {
          if (matcher.group(group) != null) {
            found.add(matcher.group(group));
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private static void run(Path haproxy) throws IOException, InterruptedException {
    var expressions = rendered();
    assertThat(WorstTexts.ALL)
        .as("texts for expressions that are not rendered")
        .allMatch(texts -> expressions.stream().anyMatch(texts::isFor));
    var folder = Files.createTempDirectory("mapwright-re");
    int port = Gateway.freePort();
    Files.writeString(folder.resolve("haproxy.cfg"), config(port, expressions));
    var process =
        new ProcessBuilder(
                haproxy.toString(), "-db", "-f", folder.resolve("haproxy.cfg").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      awaitPort(process, port, folder.resolve("output"));
      var wrong = new ArrayList<String>();
      for (int i = 0; i < expressions.size(); i++) {
        judge(port, i, expressions.get(i), wrong);
      }
      assertThat(wrong).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
      Folders.delete(folder);
    }
  }

  private static void judge(int port, int number, String expression, List<String> wrong)
      throws IOException {
    var texts =
        WorstTexts.ALL.stream()
            .filter(some -> some.isFor(expression))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no worst texts for " + expression));
    for (var text : texts.matching()) {
      if (!matches(port, number, text)) {
        wrong.add(expression + " does not match " + shortened(text));
      }
    }
    for (var text : texts.others()) {
      if (matches(port, number, text)) {
        wrong.add(expression + " matches " + shortened(text));
      }
    }
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(40, text.length())) + "… of " + text.length();
  }

  private static boolean matches(int port, int number, String text) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(8000);
      var head =
          "GET /%d HTTP/1.1\r\nHost: x\r\nX-Text: %s\r\nConnection: close\r\n\r\n"
              .formatted(number, Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1)));
      var start = System.nanoTime();
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      int status = Reply.read(new BufferedInputStream(socket.getInputStream()), false).status();
      assertThat(status).isIn(200, 404);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("expression %d took its time over %s", number, shortened(text))
          .isLessThan(Duration.ofSeconds(2));
      return status == 200;
    }
  }

  /** As large a buffer as holds the text in its wrapping. */
  private static String config(int port, List<String> expressions) {
    var text =
        new StringBuilder(
            """
            global
                nbthread 1
                tune.bufsize 65536
            defaults
                mode http
                timeout client 8s
                timeout server 8s
                timeout connect 1s
            frontend expressions
                bind 127.0.0.1:%d
                http-request set-var(txn.text) req.fhdr(x-text),b64dec
            """
                .formatted(port));
    for (int i = 0; i < expressions.size(); i++) {
      text.append(
          "    http-request return status 200 if { path /%d } { var(txn.text) -m reg '%s' }\n"
              .formatted(i, expressions.get(i)));
    }
    return text.append("    http-request return status 404\n").toString();
  }

  private static void awaitPort(Process process, int port, Path output) throws IOException {
    for (var end = Instant.now().plusSeconds(10);
        process.isAlive() && Instant.now().isBefore(end);
        Gateway.pause(20)) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException _) {
        // not yet
      }
    }
    throw new IOException("HAProxy does not start: " + Files.readString(output));
  }
}
