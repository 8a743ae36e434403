package io.mapwright.operator.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.recovery.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of docs/recovery.md as they stand, with real restic, kubectl and API server. No pods
 * run, so what they wait for is not waited for.
 */
@ExtendWith(ApiServer.class)
class RecoveryPageIT {
  private static final Path PAGE = Path.of("../docs/recovery.md");
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup:
        schedule: "0 3 * * *"
        repository: {s3: {endpoint: "https://s3.example.com", bucket: maps, prefix: tiles}}
        credentialsSecretRef: {name: bucket}
      """;

  @TempDir Path root = Path.of("/");

  @Test
  void instanceIsMadeAgainFromTheManifestInItsBackup(ApiServer.Running server) throws Exception {
    var in = Given.input(SPEC);
    var folder = Files.createDirectories(root.resolve("mapwright/manifest"));
    Files.writeString(folder.resolve("instance.json"), Manifest.of(in));
    var namespace = server.namespace("recovery");
    run("'" + restic() + "' init && '" + restic() + "' backup mapwright", Map.of());
    var env =
        Map.of(
            "RESTIC", restic(),
            "KUBECTL", kubectl(),
            "CONFIG", Files.writeString(root.resolve("config"), server.kubeconfig()).toString(),
            "NAMESPACE", namespace,
            "INSTANCE", in.name(),
            "AWS_ACCESS_KEY_ID", "key",
            "AWS_SECRET_ACCESS_KEY", "hidden");
    run(page("Restore into a new cluster"), env);
    var made =
        server
            .admin()
            .resources(MapwrightInstance.class)
            .inNamespace(namespace)
            .withName(in.name())
            .get();
    assertThat(made.getSpec().hosts()).isEqualTo(in.spec().hosts());
    assertThat(made.getSpec().server()).isEqualTo(in.server());
    var restore = Objects.requireNonNull(made.getSpec().restore());
    var from = Objects.requireNonNull(restore.from());
    assertThat(restore.id()).isEqualTo("disaster");
    assertThat(from.passwordSecretRef().name()).isEqualTo("kept-elsewhere");
    assertThat(Objects.requireNonNull(made.getSpec().backup()).passwordSecretRef())
        .as("its backups continue in the same repository")
        .isEqualTo(from.passwordSecretRef());
    assertThat(
            server.admin().resources(Secret.class).inNamespace(namespace).list().getItems().stream()
                .map(secret -> secret.getMetadata().getName()))
        .contains("kept-elsewhere", "bucket");
    run(page("A backup is overdue"), env);
  }

  /** What the page has the reader set under a heading, and the commands in the first frame. */
  private static String page(String heading) throws IOException {
    var lines = new ArrayList<String>();
    var here = false;
    var framed = false;
    for (var line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        here = line.equals("## " + heading);
      } else if (here && line.startsWith("```")) {
        framed = line.equals("```sh");
        here = line.length() > 3;
      } else if (here && (framed || line.startsWith("    "))) {
        lines.add(line.strip());
      }
    }
    assertThat(lines).as("the page has commands under " + heading).hasSizeGreaterThan(1);
    return """
    set -e
    restic() { "$RESTIC" "$@"; }
    kubectl() { [ "$1" = wait ] || "$KUBECTL" --kubeconfig="$CONFIG" "$@"; }
    """
        + String.join("\n", lines);
  }

  private static String restic() {
    return Releases.paths("restic").getLast();
  }

  private static String kubectl() throws IOException {
    try (var found = Files.walk(Path.of(System.getProperty("mapwright.assets", "")), 3)) {
      return found.filter(f -> f.endsWith("kubectl")).findFirst().orElseThrow().toString();
    }
  }

  private void run(String script, Map<String, String> env) throws Exception {
    var builder = new ProcessBuilder(List.of("bash", "-c", script)).directory(root.toFile());
    builder.environment().putAll(env);
    builder.environment().put("RESTIC_REPOSITORY", root.resolve("repository").toString());
    builder.environment().put("RESTIC_PASSWORD", "secret");
    builder.environment().put("RESTIC_CACHE_DIR", root.resolve("cache").toString());
    var log = root.resolve("log").toFile();
    var process = builder.redirectErrorStream(true).redirectOutput(log).start();
    var ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("an end within 60 s").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath(), UTF_8)).isZero();
  }
}
