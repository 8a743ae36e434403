package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

class ControlChannelIT extends GatewayFixture {

  private final ControlCa other = ControlCa.create("other", Clock.systemUTC(), new SecureRandom());

  @Test
  void clientOfAnotherAuthorityIsRefused() throws Exception {
    refused(
        new ControlCredentials(
            other::client, ca.certificatePem(), GatewayProcess.SERVER_NAME, Clock.systemUTC()),
        PushError.TLS_REFUSED);
  }

  @Test
  void gatewayOfAnotherAuthorityIsNotTalkedTo() throws Exception {
    refused(
        new ControlCredentials(
            ca::client, other.certificatePem(), GatewayProcess.SERVER_NAME, Clock.systemUTC()),
        PushError.TLS_REFUSED);
  }

  @Test
  void gatewayOfAnotherNameIsNotTalkedTo() throws Exception {
    refused(new ControlCredentials(ca, "other.test", Clock.systemUTC()), PushError.TLS_REFUSED);
  }

  @Test
  void clientOfAnotherNameIsRefused() throws Exception {
    refused(
        new ControlCredentials(
            role -> ca.client("somebody"),
            ca.certificatePem(),
            GatewayProcess.SERVER_NAME,
            Clock.systemUTC()),
        PushError.TLS_REFUSED);
  }

  private void refused(ControlCredentials wrong, PushError expected) throws Exception {
    var table = table(1);
    table.complete();
    var fleet = fleet();
    fleet.follow(INSTANCE, table, wrong, endpoints(), Terms.DEFAULTS);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(fleet.states(INSTANCE).values())
                .extracting(ReplicaState::lastError)
                .containsExactly(expected, expected, expected));
    assertThat(status(gateways.getFirst(), "K0")).isEqualTo(503);
    assertThat(minimumGeneration(fleet)).hasValue(0);
  }

  @Test
  void tableSocketMayNotTouchCertificates() throws Exception {
    try (var watchdog = new Watchdog();
        var api =
            RuntimeApi.connect(
                gateways.getFirst().endpoint(),
                credentials,
                ControlRole.TABLE,
                PushSettings.DEFAULTS,
                watchdog)) {
      assertThat(api.ask(Command.of("abort ssl cert", "x"))).startsWith("Permission denied");
    }
  }

  @Test
  void clientCertificateIsReplacedBeforeItExpires() {
    var now = new AtomicReference<>(Instant.now());
    InstantSource source = now::get;
    var minted = new AtomicInteger();
    var rotating =
        new ControlCredentials(
            role -> {
              minted.incrementAndGet();
              return ca.client(role);
            },
            ca.certificatePem(),
            GatewayProcess.SERVER_NAME,
            source.withZone(ZoneOffset.UTC));
    var table = table(10);
    table.complete();
    var fleet =
        new GatewayFleet(
            PushSettings.DEFAULTS,
            observer,
            source.withZone(ZoneOffset.UTC),
            Fence.OPEN,
            FleetListener.NONE);
    fleets.add(fleet);
    fleet.follow(INSTANCE, table, rotating, endpoints(), Terms.DEFAULTS);
    awaitInStep(fleet, table.generation());
    assertThat(minted).hasValue(1);

    now.updateAndGet(instant -> instant.plus(Duration.ofHours(13)));
    awaitInStep(fleet, table.put(keys(), "K11", "open|new"));

    await().atMost(PATIENCE).untilAtomic(minted, Matchers.is(2));
    awaitInStep(fleet, table.put(keys(), "K12", "open|new"));
    assertThat(observer.failures).isEmpty();
    assertThat(observer.fullSyncs).hasSize(3);
  }
}
