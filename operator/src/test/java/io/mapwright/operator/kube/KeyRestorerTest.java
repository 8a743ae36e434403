package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.recovery.KeyLog;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.KeyShard;
import io.mapwright.operator.recovery.PodLog;
import io.mapwright.operator.recovery.RestoredKeys;
import io.mapwright.operator.recovery.UnusableKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server whose nodes give logs as no node should. */
@Timeout(60)
class KeyRestorerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String REFUSAL =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d,\"reason\":\"%s\",\"message\":\"no room\"}";

  private final List<String> made = new CopyOnWriteArrayList<>();

  @Test
  void wholeLogBecomesKeys() throws IOException {
    assertThat(from(log(PodLog.of(3)))).isEqualTo(new RestoredKeys(3, 0));
    assertThat(made).hasSize(3);
  }

  /** Also where the instance admits that namespace: admitting is its doing alone. */
  @Test
  void keysAndPoliciesOfOtherNamespacesAreLeftOutAndCounted() throws IOException {
    var policy = Given.policy("site", "origins: [\"https://www.example.com\"]").getSpec();
    var own = PodLog.record(1);
    var abroad =
        new KeyRecord("web", "theirs", PodLog.record(2).spec(), Map.of("site", policy), null);
    var open = Given.instance(Given.SMALLEST + "access: {allowedNamespaces: [{namespace: web}]}");
    try (var server = log(PodLog.of(KeyShard.encode(List.of(own, abroad))));
        var client = client(server)) {
      assertThat(new KeyRestorer(client, open, Stream.of(), PATIENCE).from("restore-1"))
          .isEqualTo(new RestoredKeys(1, 1));
    }
    assertThat(made).singleElement().asString().contains("/namespaces/maps/apikeys");
  }

  /** Key 1 was rotated since, key 2 revoked, key 3 made and revoked, key 4 is as it was. */
  @Test
  void olderSnapshotOpensNothingThatTheNewestSaysIsCut() throws IOException {
    var rotated = PodLog.record(11);
    var newest =
        List.of(
            new KeyRecord(
                null, "key-1", rotated.spec(), Map.of(), List.of(PodLog.record(1).digest())),
            PodLog.record(2).asRevoked(),
            PodLog.record(3).asRevoked(),
            PodLog.record(4));
    var older = List.of(PodLog.record(1), PodLog.record(2), PodLog.record(4));
    var log = PodLog.of(List.of(KeyShard.encode(newest)), List.of(KeyShard.encode(older)));
    try (var server = log(log)) {
      assertThat(from(server)).isEqualTo(new RestoredKeys(4, 0));
    }
    assertThat(made)
        .filteredOn(key -> !key.contains("\"revoked\":true"))
        .singleElement()
        .asString()
        .contains(PodLog.record(4).digest());
    assertThat(made).noneMatch(key -> key.contains(rotated.digest()));
  }

  /** Key 1 lives here by its digest, of key 2 it was once, key 3 was revoked under its name. */
  @Test
  void whatThisClusterKnowsIsLeftAlone() throws IOException {
    var known =
        List.of(
            Given.key("maps", "other", "digest: \"%s\"".formatted(PodLog.record(1).digest())),
            cut(PodLog.record(2).digest()),
            Given.key("maps", "key-3", "revoked: true"));
    try (var server = log(PodLog.of(KeyShard.encode(records(1, 2, 3, 4))));
        var client = client(server)) {
      var instance = Given.instance(Given.SMALLEST);
      assertThat(new KeyRestorer(client, instance, known.stream(), PATIENCE).from("restore-1"))
          .isEqualTo(new RestoredKeys(1, 0));
    }
    assertThat(made).singleElement().asString().contains(PodLog.record(4).digest());
  }

  /** The key was made again here, as from Git; clients may still have the one of the snapshot. */
  @Test
  void namesakeWithAnotherDigestKeepsItsName() throws IOException {
    var known = Given.key("maps", "key-1", "scopes: [tiles]");
    try (var server = log(PodLog.of(KeyShard.encode(records(1))));
        var client = client(server)) {
      var instance = Given.instance(Given.SMALLEST);
      assertThat(new KeyRestorer(client, instance, Stream.of(known), PATIENCE).from("restore-1"))
          .isEqualTo(new RestoredKeys(1, 0));
    }
    assertThat(made)
        .singleElement()
        .asString()
        .contains("\"name\":\"key-1-" + PodLog.record(1).digest().substring(0, 8) + "\"");
  }

  private static List<KeyRecord> records(int... numbers) {
    return IntStream.of(numbers).mapToObj(PodLog::record).toList();
  }

  private static ApiKey cut(String digest) {
    var key = Given.key("maps", "former", "scopes: [tiles]");
    key.setStatus(Serialization.unmarshal("retired: [\"" + digest + "\"]", ApiKeyStatus.class));
    return key;
  }

  @Test
  void cutDigestsComeBackWithTheirKey() throws IOException {
    var cut = List.of("a".repeat(64), "b".repeat(64));
    var record = new KeyRecord(null, "key-1", PodLog.record(1).spec(), Map.of(), cut);
    assertThat(from(log(PodLog.of(KeyShard.encode(List.of(record))))))
        .isEqualTo(new RestoredKeys(1, 0));
    assertThat(made).singleElement().asString().contains("a".repeat(64) + "," + "b".repeat(64));
  }

  @Test
  void onlyAsManyBytesAreAskedForAsAreRead() throws IOException {
    try (var server =
        new RawServer((request, out) -> {
          assertThat(request).contains("limitBytes=" + (KeyLog.MAX_BYTES + 1));
          answer(out, PodLog.of(0));
        })) {
      assertThat(from(server)).isEqualTo(new RestoredKeys(0, 0));
    }
  }

  @Test
  void endlessLogIsGivenUpAndMakesNothing() throws IOException {
    var line = "0.gz " + "A".repeat(4000) + "\n";
    try (var server =
        new RawServer((_, out) -> {
          RawServer.head(out, 200);
          RawServer.send(out, "keys\n");
          while (true) {
            RawServer.send(out, line);
          }
        })) {
      assertThatThrownBy(() -> from(server)).isInstanceOf(UnusableKeys.class);
      assertThat(server.written()).isLessThan(2L * KeyLog.MAX_BYTES);
    }
  }

  @Test
  void logThatIsCutMakesNothing() throws IOException {
    var log = PodLog.of(3);
    assertThatThrownBy(() -> from(log(log.substring(0, log.length() - 2))))
        .isInstanceOf(UnusableKeys.class);
    assertThat(made).isEmpty();
  }

  @Test
  void byteASecondEndsAtTheTimeLimitAndIsWorthAnotherTry() throws IOException {
    try (var server =
        new RawServer((_, out) -> {
          RawServer.head(out, 200);
          while (true) {
            RawServer.send(out, "k");
            Thread.sleep(50);
          }
        })) {
      var begin = System.nanoTime();
      assertThatThrownBy(() -> from(server, Duration.ofMillis(500)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(UnusableKeys.class)
          .hasMessageContaining("in time");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void podWithoutALogIsNoReasonToTryAgain(int code) throws IOException {
    try (var server =
        new RawServer((_, out) -> {
          RawServer.head(out, code, "Content-Type: application/json");
          RawServer.send(out, REFUSAL.formatted(code, "x"));
        })) {
      assertThatThrownBy(() -> from(server)).isInstanceOf(UnusableKeys.class);
    }
  }

  @Test
  void nodeThatDoesNotAnswerIsWorthAnotherTry() throws IOException {
    try (var server = new RawServer((_, out) -> RawServer.head(out, 502))) {
      assertThatThrownBy(() -> from(server))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(UnusableKeys.class);
    }
  }

  @Test
  void oneKeyThatIsRefusedKeepsNoneOfTheOthersOut() throws IOException {
    try (var server = server(PodLog.of(5), "key-3")) {
      assertThatThrownBy(() -> from(server))
          .isInstanceOf(UnusableKeys.class)
          .hasMessageContaining("4 keys were restored, 1 objects were refused")
          .hasMessageContaining("ApiKey key-3: no room");
    }
  }

  @Test
  void moreKeysThanFitIntoTheOperatorsMemoryAreNotMade() throws IOException {
    var known = Runtime.getRuntime().maxMemory() / 10_240 - 2;
    try (var server = log(PodLog.of(3));
        var client = client(server)) {
      var keys =
          Stream.iterate(0L, n -> n + 1)
              .limit(known)
              .map(n -> Given.key("maps", "known-" + n, "instanceRef: {name: tiles}"));
      if (known < 50_000) {
        assertThatThrownBy(
                () -> new KeyRestorer(client, Given.instance(Given.SMALLEST), keys).from("p"))
            .isInstanceOf(UnusableKeys.class)
            .hasMessageContaining("which is 2 more");
      }
    }
  }

  private RawServer log(String log) throws IOException {
    return server(log, "nobody");
  }

  private RawServer server(String log, String refused) throws IOException {
    return new RawServer((request, out) -> {
      if (!request.startsWith("POST")) {
        answer(out, log);
      } else {
        // The body follows the head and has the name; its order says which one it is.
        var number = made.size();
        made.add(request);
        if (("key-" + number).equals(refused)) {
          RawServer.head(out, 422, "Content-Type: application/json");
          RawServer.send(out, REFUSAL.formatted(422, "Invalid"));
        } else {
          RawServer.head(out, 201, "Content-Type: application/json");
          RawServer.send(
              out,
              "{\"apiVersion\":\"mapwright.io/v1alpha1\",\"kind\":\"ApiKey\",\"metadata\":{\"name\":\"x\"}}");
        }
      }
    });
  }

  private static void answer(OutputStream out, String log) throws IOException {
    RawServer.head(out, 200, "Content-Length: " + log.getBytes(StandardCharsets.US_ASCII).length);
    RawServer.send(out, log);
  }

  private RestoredKeys from(RawServer server) throws IOException {
    return from(server, PATIENCE);
  }

  private static RestoredKeys from(RawServer server, Duration limit) throws IOException {
    try (var client = client(server)) {
      return new KeyRestorer(client, Given.instance(Given.SMALLEST), Stream.of(), limit)
          .from("restore-1");
    }
  }

  private static KubernetesClient client(RawServer server) {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.port())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
