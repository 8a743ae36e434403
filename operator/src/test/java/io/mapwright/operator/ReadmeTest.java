package io.mapwright.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.gateway.GatewayProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first page shows samples that are tested, and what the gateway really answers. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void firstYamlIsASample() throws IOException {
    var samples = ROOT.resolve("samples").resolve("namespaced");
    assertThat(readme())
        .contains(
            Files.readString(samples.resolve("01-instance.yaml"))
                + "---\n"
                + Files.readString(samples.resolve("02-api-key.yaml")));
  }

  @Test
  void refusalsAreThoseOfTheGateway() throws IOException {
    var shown = readme().replace("\n ", "");
    for (var problem : List.of(GatewayProblem.KEY_MISSING, GatewayProblem.KEY_UNKNOWN)) {
      assertThat(shown)
          .contains(
              "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\",\"instance\":"
                  .formatted(
                      problem.type(),
                      problem.title(),
                      problem.status(),
                      problem.detail(),
                      problem.code()));
    }
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
