package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreachableReplicasTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static ReplicaState replica(String name, boolean connected) {
    return new ReplicaState(
        "uid-" + name,
        name,
        connected,
        7,
        true,
        connected ? null : PushError.UNREACHABLE,
        NOW,
        null,
        List.of());
  }

  private static UnreachableReplicas of(ReplicaState... replicas) {
    return new UnreachableReplicas(List.of(replicas), DAY);
  }

  @Test
  void isToldWhenHalfOfTheTimeIsOver() {
    var replicas = of(replica("a", true), replica("b", false));
    assertThat(replicas.message(NOW.plus(Duration.ofHours(11)))).isEmpty();
    assertThat(replicas.message(NOW.plus(Duration.ofHours(12))))
        .hasValueSatisfying(text ->
            assertThat(text)
                .contains("pod b")
                .contains("refuses all keys from 2027-03-02T12:00:00Z on")
                .contains("10999"));
    assertThat(replicas.message(NOW.plus(Duration.ofHours(25))))
        .hasValueSatisfying(text -> assertThat(text).contains("gateway.tableMaxAge"));
  }

  @Test
  void isLookedAtInTime() {
    var replicas = of(replica("b", false));
    assertThat(replicas.nextChange(NOW)).contains(NOW.plus(Duration.ofHours(12)));
    assertThat(replicas.nextChange(NOW.plus(Duration.ofHours(13)))).contains(NOW.plus(DAY));
    assertThat(replicas.nextChange(NOW.plus(Duration.ofHours(25)))).isEmpty();
    assertThat(of(replica("a", true)).nextChange(NOW)).isEmpty();
  }

  @Test
  void whoBelievesForEverIsNeverLate() {
    var replicas = new UnreachableReplicas(List.of(replica("b", false)), Duration.ZERO);
    assertThat(replicas.message(NOW.plus(Duration.ofDays(400)))).isEmpty();
    assertThat(replicas.nextChange(NOW)).isEmpty();
  }
}
