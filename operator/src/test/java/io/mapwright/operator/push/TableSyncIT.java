package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.push.PushObserver.FullSyncReason;
import io.mapwright.operator.table.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableSyncIT extends GatewayFixture {

  @Test
  void emptyGatewaysServeNothingUntilTheyHoldTheWholeTable() throws Exception {
    for (var gateway : gateways) {
      assertThat(status(gateway, "K1")).isEqualTo(503);
    }
    var table = table(10_000);
    var fleet = fleet();
    fleet.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(observer.connected).isEqualTo(gateways.size()));
    assertThat(status(gateways.getFirst(), "K1")).as("half a table is not pushed").isEqualTo(503);

    table.complete();

    awaitInStep(fleet, table.generation());
    for (var gateway : gateways) {
      assertThat(status(gateway, "K1")).isEqualTo(200);
      assertThat(status(gateway, "K9999")).isEqualTo(200);
      assertThat(status(gateway, "K10000")).isEqualTo(401);
      assertThat(listing(gateway, keys())).hasSize(10_000).doesNotHaveDuplicates();
    }
    assertThat(minimumGeneration(fleet)).hasValue(table.generation());
    System.out.printf(
        "%s: full sync of 10,000 keys to 3 replicas at once: %s%n",
        executable, observer.fullSyncDurations);
  }

  @Test
  void additionsChangesAndRemovalsReachEveryReplicaWithoutAFullSync() throws Exception {
    var table = table(100);
    var fleet = following(table);
    observer.fullSyncs.clear();

    var generation =
        table.apply(
            List.of(
                key(100, "new"),
                key(5, "changed"),
                Change.remove(keys(), "K7"),
                Change.put(origins(), "other", "1"),
                Change.put(keys(), "K8", "other|kid8")));

    awaitInStep(fleet, generation);
    for (var gateway : gateways) {
      assertThat(value(gateway, "K100")).isEqualTo("open|new");
      assertThat(value(gateway, "K5")).isEqualTo("open|changed");
      assertThat(value(gateway, "K8")).isEqualTo("other|kid8");
      assertThat(status(gateway, "K7")).isEqualTo(401);
      assertThat(listing(gateway, keys())).hasSize(100).doesNotHaveDuplicates();
    }
    assertThat(observer.fullSyncs).isEmpty();
  }

  @Test
  void aBurstTooLargeForSingleEditsIsReplacedWhole() {
    var table = table(10);
    var fleet = following(table);
    observer.fullSyncs.clear();

    var generation =
        table.apply(IntStream.range(0, 5000).mapToObj(i -> key(i, "burst" + i)).toList());

    awaitInStep(fleet, generation);
    assertThat(observer.fullSyncs).containsOnly(FullSyncReason.TOO_FAR_BEHIND).hasSize(3);
  }

  @Test
  void restartedOperatorConvergesWithoutAnyRequestRefusedAndDropsStaleKeys() throws Exception {
    following(table(2000)).close();
    var statuses = ConcurrentHashMap.<Integer>newKeySet();
    var stop = new AtomicBoolean();
    var traffic =
        Thread.ofVirtual()
            .start(() -> {
              while (!stop.get()) {
                try {
                  statuses.add(status(gateways.getFirst(), "K1"));
                } catch (Exception e) {
                  statuses.add(-1);
                }
              }
            });

    var after = table(1500);
    var fleet = following(after);
    stop.set(true);
    traffic.join();

    assertThat(statuses).containsExactly(200);
    for (var gateway : gateways) {
      assertThat(status(gateway, "K1600")).as("key the operator no longer knows").isEqualTo(401);
      assertThat(listing(gateway, keys())).hasSize(1500);
    }
    assertThat(minimumGeneration(fleet)).hasValue(after.generation());
    assertThat(observer.fullSyncs).endsWith(FullSyncReason.OTHER_TABLE);
  }

  @Test
  void gatewaysAreToldForHowLongToBelieveTheirTable() throws Exception {
    checkEachSecond();
    var table = table(10);
    var fleet = following(table);
    for (var gateway : gateways) {
      assertThat(trustedFor(gateway)).isBetween(Duration.ofHours(23), Duration.ofHours(24));
    }

    fleet.follow(
        INSTANCE,
        table,
        credentials,
        endpoints(),
        new Terms(1, Duration.ofMinutes(10), java.util.Set.of()));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          for (var gateway : gateways) {
            assertThat(trustedFor(gateway))
                .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
          }
        });

    fleet.close();
    var left = trustedUntil(gateways.getFirst());
    Thread.sleep(2500);
    assertThat(trustedUntil(gateways.getFirst())).as("nobody speaks for it").isEqualTo(left);
  }

  @Test
  void aGatewayAtRestIsNotToldAnew() throws Exception {
    checkEachSecond();
    following(table(10));
    var until = trustedUntil(gateways.getFirst());
    Thread.sleep(3000);
    assertThat(trustedUntil(gateways.getFirst())).isEqualTo(until);
  }

  private Duration trustedFor(GatewayProcess gateway) throws Exception {
    return Duration.between(Instant.now(), trustedUntil(gateway));
  }

  private Instant trustedUntil(GatewayProcess gateway) throws Exception {
    return listing(gateway, maps.meta()).stream()
        .filter(line -> line.startsWith("trusted "))
        .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring("trusted ".length()))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatSomebodyElseAddsIsFoundAndRemoved() throws Exception {
    checkEachSecond();
    following(table(10));
    try (var watchdog = new Watchdog();
        var api =
            RuntimeApi.connect(
                gateways.getFirst().endpoint(),
                credentials,
                ControlRole.TABLE,
                PushSettings.DEFAULTS,
                watchdog)) {
      api.ask(Command.withPayload("intruder open|x", "add map", keys()));
    }
    assertThat(status(gateways.getFirst(), "intruder")).isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          assertThat(status(gateways.getFirst(), "intruder")).isEqualTo(401);
          // Reported once the whole table is written, a moment after the gateway serves it.
          assertThat(observer.fullSyncs).contains(FullSyncReason.DIVERGED);
        });
  }
}
