package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.gateway.TestedReleases;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseReportTest {
  private static final Path PAGE = Path.of("../docs/haproxy.md");

  private static ReplicaState gateway(String name, boolean connected, @Nullable String version) {
    return new ReplicaState(name, name, connected, 7, true, null, NOW, version, List.of());
  }

  private static Condition report(String spec, ReplicaState... replicas) {
    var byName =
        Stream.of(replicas).collect(Collectors.toMap(ReplicaState::podName, Function.identity()));
    var status = Reports.report(InstanceReportTest.running(spec, 2, byName), List.of());
    return Conditions.find(status.conditions(), ConditionType.GatewaySupported)
        .orElseGet(Condition::new);
  }

  @ParameterizedTest
  @CsvSource({
    "2.6.12-1+deb12u3, True, ReleaseTested",
    "3.4.7-1, True, ReleaseTested",
    "3.4, True, ReleaseTested",
    "2.8.5, False, ReleaseUntested",
    "3.40.1, False, ReleaseUntested",
    "3.5-dev5, False, ReleaseUntested",
    ", False, ReleaseUnknown"
  })
  void releaseOfAGateway(String version, String status, String reason) {
    var condition =
        report(Given.SMALLEST, gateway("a", true, "3.2.26"), gateway("b", true, version));
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
    assertThat(condition.getMessage()).contains(version == null ? "b does not report" : version);
  }

  @Test
  void whatIsOutOfReachIsNotJudged() {
    assertThat(report(Given.SMALLEST, gateway("a", true, "3.4.7"), gateway("b", false, "2.4.0")))
        .extracting(Condition::getStatus)
        .isEqualTo("True");
    assertThat(report(Given.SMALLEST, gateway("a", false, null)).getReason())
        .isEqualTo("ReleaseUnknown");
    assertThat(report(Given.SMALLEST).getStatus()).isEqualTo("Unknown");
  }

  @Test
  void anInstanceWithoutPodsHasNoGatewayToJudge() {
    var stopped = Given.SMALLEST.replace("server: {", "server: {replicas: 0, ");
    assertThat(report(stopped).getType()).isNull();
  }

  @Test
  void thePageListsTheTestedReleases() throws IOException {
    assertThat(
            Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| \\d.*"))
                .map(line -> line.replaceFirst("\\| ([\\d.]+) .*", "$1")))
        .containsExactlyElementsOf(TestedReleases.ALL);
  }
}
