package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.table.LiveTable;
import io.mapwright.operator.table.TableMaps;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class GatewayFleetTest {
  private static final NamespacedName INSTANCE = new NamespacedName("a", "b");

  private final ControlCredentials credentials =
      new ControlCredentials(
          ControlCa.create("test", Clock.systemUTC(), new SecureRandom()),
          FakeGateway.NAME,
          Clock.systemUTC());
  private final LiveTable table = LiveTable.create(new TableMaps("/meta", List.of("/keys")));
  private final List<NamespacedName> told = new CopyOnWriteArrayList<>();
  private final FleetListener listener =
      new FleetListener() {
        @Override
        public void reachabilityChanged(NamespacedName instance) {
          told.add(instance);
        }
      };

  @Test
  void unreachableReplicaIsReportedOnceAndForgotten() throws Exception {
    var nowhere = new ReplicaEndpoint("uid", "pod", "127.0.0.1", Gateway.freePort());
    try (var fleet =
        new GatewayFleet(
            PushSettings.DEFAULTS, PushObserver.NONE, Clock.systemUTC(), Fence.OPEN, listener)) {
      fleet.follow(INSTANCE, table, credentials, Set.of(nowhere), Terms.DEFAULTS);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(fleet.states(INSTANCE).values())
                  .extracting(ReplicaState::lastError)
                  .containsExactly(PushError.UNREACHABLE));
      assertThat(fleet.known(INSTANCE)).as("that it cannot be reached is known").isTrue();
      assertThat(told).hasSizeLessThanOrEqualTo(2).containsOnly(INSTANCE);

      fleet.follow(INSTANCE, table, credentials, Set.of(), Terms.DEFAULTS);
      assertThat(fleet.states(INSTANCE)).isEmpty();
      fleet.forget(INSTANCE);
      assertThat(fleet.certificates(INSTANCE)).isEmpty();
    }
  }

  @Test
  void certificateThatIsNoneIsTheCallersMistake() {
    try (var fleet =
        new GatewayFleet(
            PushSettings.DEFAULTS, PushObserver.NONE, Clock.systemUTC(), Fence.OPEN, listener)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fleet.pushCertificate(INSTANCE, "/tls.crt", "no PEM"));
    }
  }

  @Test
  void pausesGrowToTheCeilingAndAreSpread() {
    var longest = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 1.0);
    var shortest = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 0.0);
    assertThat(longest.next()).hasMillis(100);
    assertThat(shortest.next()).hasMillis(50);
    for (int i = 0; i < 100; i++) {
      longest.next();
    }
    assertThat(longest.next()).hasSeconds(5);
    longest.succeeded();
    assertThat(longest.next()).hasMillis(100);
  }
}
