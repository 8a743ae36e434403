package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.table.LiveTable;
import io.mapwright.operator.table.TableMaps;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens between two checks, which are an hour apart here. */
class GatewayAtRestTest {
  private static final NamespacedName INSTANCE = new NamespacedName("a", "b");
  private static final String META = "/maps/meta.map";
  private static final String KEYS = "/maps/keys.map";
  private static final String NAME = "gateway.test";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final PushSettings SETTINGS =
      new PushSettings(
          PATIENCE,
          PATIENCE,
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofMillis(200),
          Duration.ofHours(1));

  private final ControlCa ca = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
  private final LiveTable table = LiveTable.create(new TableMaps(META, List.of(KEYS)));
  private final RecordingObserver observer = new RecordingObserver();
  private final AtomicBoolean fence = new AtomicBoolean(true);
  private final GatewayFleet fleet =
      new GatewayFleet(SETTINGS, observer, Clock.systemUTC(), fence::get, FleetListener.NONE);
  private final int port = Gateway.freePort();
  private StandInGateway gateway = gateway();

  @BeforeEach
  void follow() {
    table.put(KEYS, "K1", "open|kid1");
    table.complete();
    fleet.follow(
        INSTANCE,
        table,
        new ControlCredentials(ca, NAME, Clock.systemUTC()),
        Set.of(new ReplicaEndpoint("uid", "pod", "127.0.0.1", port)),
        Terms.DEFAULTS);
    awaitInStep();
  }

  @AfterEach
  void close() throws IOException {
    fleet.close();
    gateway.close();
  }

  @Test
  void isNotAskedAnything() throws Exception {
    awaitRest();
    int before = gateway.commands();
    Thread.sleep(3000);
    assertThat(gateway.commands() - before).isZero();
    assertThat(observer.failures).isEmpty();
  }

  @Test
  void getsTheWholeTableAfterARestart() throws Exception {
    awaitRest();
    gateway.close();
    await().atMost(Duration.ofSeconds(5)).until(() -> observer.failures.contains(PushError.CLOSED));
    assertThat(observer.connected).isZero();
    gateway = gateway();
    awaitInStep();
    assertThat(gateway.holds("K1")).isTrue();
    assertThat(observer.fullSyncs)
        .containsExactly(PushObserver.FullSyncReason.EMPTY, PushObserver.FullSyncReason.EMPTY);
  }

  @Test
  void getsARevocationAtOnce() throws Exception {
    awaitRest();
    table.remove(KEYS, "K1");
    await().atMost(Duration.ofSeconds(5)).until(() -> !gateway.holds("K1"));
  }

  @Test
  void getsNothingOnceTheLeaseIsLost() throws Exception {
    awaitRest();
    fence.set(false);
    int before = gateway.commands();
    table.put(KEYS, "K2", "open|kid2");
    await().atMost(PATIENCE).until(() -> observer.failures.contains(PushError.FENCED));
    assertThat(gateway.holds("K2")).isFalse();
    assertThat(gateway.commands() - before).as("only prompt").isLessThan(5);
  }

  private void awaitInStep() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(fleet.states(INSTANCE).values())
                .extracting(ReplicaState::generation)
                .containsExactly(table.generation()));
    await().atMost(PATIENCE).until(() -> gateway.holds("K1"));
  }

  /** Waits for the check that follows a whole table. */
  private void awaitRest() throws InterruptedException {
    for (int before = -1; before != gateway.commands(); ) {
      before = gateway.commands();
      Thread.sleep(500);
    }
  }

  private StandInGateway gateway() {
    try {
      var shown = ca.server(List.of(NAME));
      return new StandInGateway(
          "127.0.0.1",
          port,
          Map.of(
              "tls.crt",
              shown.certificatePem(),
              "tls.key",
              shown.privateKeyPem(),
              "ca.crt",
              ca.certificatePem()),
          List.of(META, KEYS),
          shown.certificatePem());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
