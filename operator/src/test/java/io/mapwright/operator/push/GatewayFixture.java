package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.LiveTable;
import io.mapwright.operator.table.TableMaps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three real gateways on loopback addresses, once per HAProxy named by the system property {@code
 * mapwright.haproxy} (paths, separated by colons).
 */
@ParameterizedClass
@MethodSource("executables")
abstract class GatewayFixture {

  static final NamespacedName INSTANCE = new NamespacedName("maps", "main");
  static final Duration PATIENCE = Duration.ofSeconds(20);

  @Parameter String executable = "";
  @TempDir Path dir = Path.of("/");

  final List<GatewayProcess> gateways = new ArrayList<>();
  final List<GatewayFleet> fleets = new ArrayList<>();
  final RecordingObserver observer = new RecordingObserver();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  ControlCa ca = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
  ControlCredentials credentials = credentials(ca);
  PushSettings settings = PushSettings.DEFAULTS;
  TableMaps maps = new TableMaps("/meta", List.of("/keys"));

  static List<String> executables() {
    return List.of(System.getProperty("mapwright.haproxy", "").split(":"));
  }

  @BeforeEach
  final void startGateways() throws Exception {
    assumeFalse(executable.isEmpty(), "no HAProxy: -Dmapwright.haproxy=/path[:/path] names some");
    var shown = ca.server(List.of("maps.test"));
    maps = GatewayProcess.prepare(dir, ca.server(List.of(GatewayProcess.SERVER_NAME)), shown);
    for (int i = 0; i < 3; i++) {
      var gateway = new GatewayProcess(executable, dir, "replica" + i, "127.0.0." + (i + 2));
      gateways.add(gateway);
      gateway.start();
    }
  }

  @AfterEach
  final void stopGateways() {
    fleets.forEach(GatewayFleet::close);
    gateways.forEach(GatewayProcess::close);
    client.close();
  }

  static ControlCredentials credentials(ControlCa authority) {
    return new ControlCredentials(authority, GatewayProcess.SERVER_NAME, Clock.systemUTC());
  }

  GatewayFleet fleet() {
    var fleet =
        new GatewayFleet(settings, observer, Clock.systemUTC(), Fence.OPEN, FleetListener.NONE);
    fleets.add(fleet);
    return fleet;
  }

  /** Has gateways checked each second, for what only a check finds. */
  void checkEachSecond() {
    settings =
        new PushSettings(
            settings.connect(),
            settings.answer(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            settings.maxBackoff(),
            settings.useInterval());
  }

  /** A table with one policy and keys {@code K0…}, not yet declared complete. */
  LiveTable table(int keys) {
    var table = LiveTable.create(maps);
    table.put(origins(), "open", "1");
    table.apply(IntStream.range(0, keys).mapToObj(i -> key(i, "kid" + i)).toList());
    return table;
  }

  Change key(int number, String kid) {
    return Change.put(keys(), "K" + number, "open|" + kid);
  }

  String keys() {
    return GatewayProcess.map(dir, "keys");
  }

  String origins() {
    return GatewayProcess.map(dir, "origins");
  }

  Set<ReplicaEndpoint> endpoints() {
    var endpoints = new LinkedHashSet<ReplicaEndpoint>();
    gateways.forEach(gateway -> endpoints.add(gateway.endpoint()));
    return endpoints;
  }

  /** Follows all gateways with a complete table and waits until all are in step. */
  GatewayFleet following(LiveTable table) {
    table.complete();
    var fleet = fleet();
    fleet.follow(INSTANCE, table, credentials, endpoints(), Terms.DEFAULTS);
    awaitInStep(fleet, table.generation());
    return fleet;
  }

  static ReplicaState state(GatewayFleet fleet, GatewayProcess gateway) {
    return Objects.requireNonNull(fleet.states(INSTANCE).get(gateway.endpoint().podUid()));
  }

  /** What every followed replica confirmed at least; empty if none is followed. */
  static OptionalLong minimumGeneration(GatewayFleet fleet) {
    return fleet.states(INSTANCE).values().stream().mapToLong(ReplicaState::generation).min();
  }

  static void awaitInStep(GatewayFleet fleet, long generation) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() ->
            assertThat(fleet.states(INSTANCE).values())
                .isNotEmpty()
                .allSatisfy(state -> {
                  assertThat(state.generation()).isGreaterThanOrEqualTo(generation);
                  assertThat(state.ready()).isTrue();
                  assertThat(state.connected()).isTrue();
                }));
  }

  int status(GatewayProcess gateway, String key) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(gateway.url()))
            .header("x-key", key)
            .timeout(Duration.ofSeconds(5))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  String value(GatewayProcess gateway, String key) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(gateway.url())).header("x-key", key).build();
    return client
        .send(request, BodyHandlers.discarding())
        .headers()
        .firstValue("x-value")
        .orElse("");
  }

  /** All lines of a map as the gateway lists them, duplicates and all. */
  List<String> listing(GatewayProcess gateway, String map) {
    return Gateway.unix(gateway.adminSocket(), "show map " + map)
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> line.split(" ", 2)[1])
        .toList();
  }
}
