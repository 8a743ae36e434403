package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** HAProxy itself takes every kept file, without a single warning. */
class GoldenFilesIT {
  @TempDir Path folder = Path.of("");

  @TestFactory
  Stream<DynamicNode> haproxyAccepts() {
    return GatewayAttackIT.onEach(haproxy ->
        GoldenCases.all().keySet().stream()
            .map(name -> DynamicTest.dynamicTest(name, () -> check(haproxy, name))));
  }

  private void check(Path haproxy, String name) throws IOException, InterruptedException {
    var etc = folder.resolve("etc/mapwright");
    for (var place : List.of("gateway", "tls", "control", "run")) {
      Files.createDirectories(etc.resolve(place));
    }
    for (var place : List.of("tls/tls", "control/tls")) {
      Files.writeString(
          etc.resolve(place + ".crt"), Files.readString(TestCertificates.file("server.crt")));
      Files.writeString(
          etc.resolve(place + ".key"), Files.readString(TestCertificates.file("server.key")));
    }
    for (var place : List.of("control/ca.crt", "gateway/client-ca.crt")) {
      Files.writeString(etc.resolve(place), Files.readString(TestCertificates.file("ca.crt")));
    }
    for (var map : GatewayMap.values()) {
      Files.writeString(etc.resolve("gateway/" + map.fileName()), "");
    }
    Files.writeString(
        etc.resolve("gateway/" + CommandFilter.FILE_NAME),
        CommandFilter.script(GatewayPaths.DEFAULTS));
    Files.writeString(
        etc.resolve("gateway/" + Lending.FILE_NAME),
        // It opens its maps when it is loaded.
        Lending.script(GatewayPaths.DEFAULTS).replace("/etc/mapwright", etc.toString()));
    var kept = GoldenTest.FOLDER.resolve(name);
    Files.writeString(
        etc.resolve("gateway/routes.map"), Files.readString(kept.resolve(RouteMap.FILE_NAME)));
    var config = etc.resolve("gateway/haproxy.cfg");
    var text = Files.readString(kept.resolve(HaproxyConfig.FILE_NAME));
    Files.writeString(
        config,
        text.replace("/etc/mapwright", etc.toString()).replace("/run/mapwright", etc + "/run"));
    var process =
        new ProcessBuilder(haproxy.toString(), "-c", "-f", config.toString())
            .redirectErrorStream(true)
            .start();
    var output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.replace("Configuration file is valid", "").strip()).isEmpty();
  }
}
