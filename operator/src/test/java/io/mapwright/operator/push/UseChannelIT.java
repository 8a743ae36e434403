package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.table.LiveTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class UseChannelIT extends GatewayFixture {
  private final List<KeyUse> told = new CopyOnWriteArrayList<>();

  @Test
  void usesAreToldOnceAndCountedFromTheFirstLookOn() throws Exception {
    var gateway = gateways.getFirst();
    var table = table(3);
    awaitInStep(following(table), table.generation());
    var start = Instant.now().minusSeconds(1);
    looking(table);
    assertThat(told)
        .allSatisfy(use -> {
          assertThat(use.cost()).as("nobody knows since when").isZero();
          assertThat(use.lastUsed()).isBetween(start, Instant.now().plusSeconds(1));
        });

    use(gateway, "K1", 2);
    use(gateway, "K2", 1);
    use(gateways.getLast(), "K1", 4);
    await("the uses since")
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(cost("kid1")).isEqualTo(6);
          assertThat(cost("kid2")).isEqualTo(1);
        });
    var looks = told.size();
    Thread.sleep(700);
    assertThat(told).as("nothing was used since").hasSize(looks);
    assertThat(observer.failures).isEmpty();
  }

  @Test
  void restartedGatewayCountsAnew() throws Exception {
    var gateway = gateways.getFirst();
    var table = table(3);
    awaitInStep(following(table), table.generation());
    looking(table);
    use(gateway, "K1", 5);
    await("five more").atMost(PATIENCE).until(() -> cost("kid1") == 5);

    gateway.kill();
    gateway.start();
    awaitInStep(fleets.getFirst(), table.generation());
    await("the key works again").atMost(PATIENCE).until(() -> status(gateway, "K1") == 200);
    use(gateway, "K1", 1);
    await("and one that is asked of the new process")
        .atMost(PATIENCE)
        .until(() -> cost("kid1") == 7);
  }

  /** Returns when each gateway has been looked at once. */
  private void looking(LiveTable table) throws Exception {
    for (var gateway : gateways) {
      use(gateway, "K0", 3);
    }
    var often =
        new PushSettings(
            settings.connect(),
            settings.answer(),
            settings.firstCheck(),
            settings.maxCheck(),
            settings.maxBackoff(),
            Duration.ofMillis(200));
    var fleet =
        new GatewayFleet(
            often,
            observer,
            Clock.systemUTC(),
            Fence.OPEN,
            new FleetListener() {
              @Override
              public void used(NamespacedName instance, List<KeyUse> uses) {
                told.addAll(uses);
              }
            });
    fleets.add(fleet);
    fleet.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    await("a first look at each").atMost(PATIENCE).until(() -> told.size() == gateways.size());
  }

  private void use(GatewayProcess gateway, String key, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(status(gateway, key)).isEqualTo(200);
    }
  }

  private long cost(String keyId) {
    return told.stream().filter(use -> use.keyId().equals(keyId)).mapToLong(KeyUse::cost).sum();
  }
}
