package io.mapwright.operator.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.mapwright.operator.pki.ControlCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every HAProxy that {@code -Dmapwright.haproxy=path:path} names accepts every rendered file. */
class GoldenIT {
  private static final String PROGRAMS = System.getProperty("mapwright.haproxy", "");

  @BeforeAll
  static void haproxyIsThere() {
    assumeFalse(PROGRAMS.isEmpty(), "no HAProxy: name executables in -Dmapwright.haproxy");
  }

  static Stream<Arguments> cases() {
    return Stream.of(PROGRAMS.split(":", -1))
        .flatMap(program ->
            Golden.cases().stream()
                .filter(GoldenIT::hasGateway)
                .map(name -> Arguments.of(program, name)));
  }

  /** An instance that is going away has none any more. */
  private static boolean hasGateway(String name) {
    return Files.exists(Golden.CASES.resolve(name).resolve("haproxy.cfg"));
  }

  @ParameterizedTest(name = "{1}, {0}")
  @MethodSource("cases")
  void haproxyAcceptsTheRenderedConfiguration(String program, String name, @TempDir Path folder)
      throws IOException, InterruptedException {
    for (var instance : Golden.instances(name)) {
      var config =
          Golden.objects(Golden.input(instance)).stream()
              .filter(io.fabric8.kubernetes.api.model.ConfigMap.class::isInstance)
              .map(io.fabric8.kubernetes.api.model.ConfigMap.class::cast)
              .findFirst()
              .orElseThrow();
      var gateway = Files.createDirectories(folder.resolve("etc/gateway"));
      for (var file : config.getData().entrySet()) {
        Files.writeString(gateway.resolve(file.getKey()), inFolder(file.getValue(), folder));
      }
      Files.createDirectories(folder.resolve("run"));
      pair(folder.resolve("etc/tls"));
      pair(folder.resolve("etc/control"));
      var process =
          new ProcessBuilder(program, "-c", "-f", gateway.resolve("haproxy.cfg").toString())
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("haproxy -c ends in time").isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      assertThat(output).doesNotContain("WARNING").doesNotContain("ALERT");
    }
  }

  private static String inFolder(String content, Path folder) {
    return content
        .replace("/etc/mapwright", folder.resolve("etc").toString())
        .replace("/run/mapwright", folder.resolve("run").toString());
  }

  private static void pair(Path folder) throws IOException {
    Files.createDirectories(folder);
    var authority = ControlCa.create("golden", Clock.systemUTC(), new SecureRandom());
    var issued = authority.server(List.of("maps.example.com"));
    Files.writeString(folder.resolve("tls.crt"), issued.certificatePem());
    Files.writeString(folder.resolve("tls.key"), issued.privateKeyPem());
    Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
  }
}
