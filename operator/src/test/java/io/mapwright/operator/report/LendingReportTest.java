package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LendingReportTest {
  private static ReplicaState gateway(String name, boolean connected, String... silent) {
    return new ReplicaState(name, name, connected, 7, true, null, NOW, "3.4.7", List.of(silent));
  }

  private static Condition report(ReplicaState... replicas) {
    var byName =
        Stream.of(replicas).collect(Collectors.toMap(ReplicaState::podName, Function.identity()));
    var status = Reports.report(InstanceReportTest.running(Given.SMALLEST, 2, byName), List.of());
    return Conditions.find(status.conditions(), ConditionType.LimitsShared)
        .orElseGet(Condition::new);
  }

  @Test
  void gatewaysThatReachEachOtherShareLimits() {
    var condition = report(gateway("a", true), gateway("b", true));
    assertThat(condition.getStatus()).isEqualTo("True");
    assertThat(condition.getReason()).isEqualTo("GatewaysConnected");
  }

  @Test
  void theOneThatDoesNotReachAnotherIsNamedWithThePort() {
    var condition = report(gateway("a", true), gateway("b", true, "10.0.0.7"));
    assertThat(condition.getStatus()).isEqualTo("False");
    assertThat(condition.getMessage()).contains("pod b", "10.0.0.7", "10998");
  }

  @Test
  void oneGatewaySharesWithNobody() {
    assertThat(report(gateway("a", true)).getType()).isNull();
    assertThat(report(gateway("a", true), gateway("b", false, "10.0.0.7")).getType()).isNull();
  }
}
