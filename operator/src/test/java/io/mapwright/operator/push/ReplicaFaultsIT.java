package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.push.PushObserver.FullSyncReason;
import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.LiveTable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaFaultsIT extends GatewayFixture {

  @Test
  void killedReplicaComesBackWithTheCurrentTableOnlyAndNoRevokedKey() throws Exception {
    var table = table(5000);
    var fleet = following(table);
    var victim = gateways.getFirst();

    for (int round = 1; round <= 3; round++) {
      var revoked = "K" + round;
      table.remove(keys(), revoked);
      table.apply(changedKids(100 * round, 300, "round" + round));
      Thread.sleep(3L * round);
      victim.kill();
      table.remove(keys(), "K" + (round + 10));
      try (var seen = new Poller(victim, revoked);
          var alsoSeen = new Poller(victim, "K" + (round + 10));
          var valid = new Poller(victim, "K4999")) {
        victim.start();
        awaitInStep(fleet, table.generation());
        assertThat(status(victim, "K4999")).isEqualTo(200);
        assertThat(seen.statuses).doesNotContain(200);
        assertThat(alsoSeen.statuses).doesNotContain(200);
        assertThat(valid.statuses).as("ready means the whole table").isSubsetOf(-1, 503, 200);
      }
      assertThat(listing(victim, keys())).hasSize(5000 - 2 * round).doesNotHaveDuplicates();
    }
  }

  @Test
  void replacedProcessIsFollowedAlthoughTheFormerOneStillAnswers() throws Exception {
    checkEachSecond();
    var table = table(100);
    var fleet = following(table);
    var gateway = gateways.getFirst();
    observer.fullSyncs.clear();

    gateway.signal(10);
    gateway.start();

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(observer.fullSyncs).containsExactly(FullSyncReason.EMPTY));
    awaitInStep(fleet, table.generation());
    assertThat(listing(gateway, keys())).hasSize(100);
    assertThat(status(gateway, "K1")).isEqualTo(200);
  }

  @Test
  void hangingReplicaDelaysNoOtherAndCatchesUp() throws Exception {
    var impatient =
        new PushSettings(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofHours(1));
    var table = table(1000);
    table.complete();
    var fleet =
        new GatewayFleet(impatient, observer, Clock.systemUTC(), Fence.OPEN, FleetListener.NONE);
    fleets.add(fleet);
    fleet.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    awaitInStep(fleet, table.generation());
    var hung = gateways.getFirst();
    hung.signal(19);
    try {
      var generation = table.remove(keys(), "K1");
      for (var other : gateways.subList(1, 3)) {
        await()
            .atMost(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(2))
            .until(() -> status(other, "K1") == 401);
      }
      assertThat(minimumGeneration(fleet).orElseThrow()).isLessThan(generation);
      await().atMost(PATIENCE).until(() -> state(fleet, hung).lastError() == PushError.TIMEOUT);
      assertThat(state(fleet, hung).connected()).isFalse();
    } finally {
      hung.signal(18);
    }
    awaitInStep(fleet, table.generation());
    assertThat(status(hung, "K1")).isEqualTo(401);
  }

  @Test
  void cutsAtAnyPlaceLeaveNoDuplicateAndNothingBehind() throws Exception {
    var gateway = gateways.getFirst();
    try (var proxy = new CuttingProxy(gateway.address(), gateway.control())) {
      var table = table(50);
      table.complete();
      var fleet = fleet();
      fleet.follow(
          INSTANCE, table, credentials, Set.of(gateway.endpoint(proxy.port())), Terms.DEFAULTS);
      awaitInStep(fleet, table.generation());
      for (int cut = 0; cut < 24; cut++) {
        (cut % 2 == 0 ? proxy.requestsLeft : proxy.answersLeft).set(1 + 170L * cut);
        table.remove(keys(), "K" + cut);
        table.apply(changedKids(1000 + 10 * cut, 10, "new"));
        var generation = table.apply(changedKids(30, 10, "cut" + cut));
        awaitInStep(fleet, generation);
        assertThat(listing(gateway, keys())).containsExactlyInAnyOrderElementsOf(lines(table));
      }
    }
  }

  @Test
  void cutsInAFullSyncLeaveTheFormerTableServedAndThenTheNewOne() throws Exception {
    var gateway = gateways.getFirst();
    following(table(3000)).close();
    try (var proxy = new CuttingProxy(gateway.address(), gateway.control())) {
      var table = table(4000);
      table.remove(keys(), "K1");
      table.complete();
      proxy.requestsLeft.set(60_000);
      try (var valid = new Poller(gateway, "K2")) {
        var fleet = fleet();
        fleet.follow(
            INSTANCE, table, credentials, Set.of(gateway.endpoint(proxy.port())), Terms.DEFAULTS);
        awaitInStep(fleet, table.generation());
        assertThat(valid.statuses).containsExactly(200);
      }
      assertThat(observer.failures).isNotEmpty();
      assertThat(status(gateway, "K1")).isEqualTo(401);
      assertThat(listing(gateway, keys())).containsExactlyInAnyOrderElementsOf(lines(table));
    }
  }

  private List<Change> changedKids(int first, int count, String kid) {
    return IntStream.range(first, first + count).mapToObj(i -> key(i, kid)).toList();
  }

  private List<String> lines(LiveTable table) {
    return table.snapshot().content().getOrDefault(keys(), List.of()).stream()
        .map(row -> row.key() + " " + row.value())
        .toList();
  }

  /** Asks with one key over and over and keeps which statuses came; -1 for no answer. */
  private final class Poller implements AutoCloseable {

    private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<Void> done;

    Poller(GatewayProcess gateway, String key) {
      done = CompletableFuture.runAsync(() -> poll(gateway, key), Thread::startVirtualThread);
    }

    private void poll(GatewayProcess gateway, String key) {
      while (!stop.get()) {
        try {
          statuses.add(status(gateway, key));
        } catch (IOException e) {
          statuses.add(-1);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    @Override
    public void close() {
      stop.set(true);
      done.join();
    }
  }
}
