package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.FaultProxy;
import io.mapwright.operator.kube.FaultProxy.Fate;
import io.mapwright.operator.kube.FaultProxy.Request;
import io.mapwright.operator.kube.SecretText;
import io.mapwright.operator.status.ConditionType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An API server that answers badly, late or not at all. Whatever it does, no key is lost or made
 * twice, what was delivered opens, and what was revoked does not.
 */
@ExtendWith(ApiServer.class)
class ApiFaultsIT {
  private static final int KEYS = 4;

  private final Cluster cluster;
  private final FaultProxy faults;

  ApiFaultsIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("faults"));
    faults = server.faults();
  }

  @BeforeEach
  void instance() {
    cluster.instance(
        "tiles",
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(cluster.namespace));
  }

  @AfterEach
  void close() {
    faults.close();
  }

  static List<Arguments> faults() {
    return List.of(
        Arguments.of("conflict", everyThird(new Fate.Answered(409))),
        Arguments.of(
            "too many, or failure", everyThird(new Fate.Answered(429), new Fate.Answered(500))),
        Arguments.of(
            "lost on the way, or back", everyThird(new Fate.CutBefore(), new Fate.CutAfter())),
        Arguments.of("slow", everyThird(new Fate.Slow(Duration.ofSeconds(1)))));
  }

  /** Every third write about keys meets one of these, in turn. */
  private static Function<Request, Fate> everyThird(Fate... fates) {
    var writes = new AtomicInteger();
    return request -> {
      if (!request.writes() || !(request.about("apikeys") || request.about("secrets"))) {
        return FaultProxy.PASSES;
      }
      int number = writes.incrementAndGet();
      return number % 3 == 0 ? fates[number / 3 % fates.length] : FaultProxy.PASSES;
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void keysAreMadeOnceAndRevokedEverywhere(String name, Function<Request, Fate> fault) {
    try (var client = faults.client();
        var _ = Cluster.operator(client, cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 2)) {
      faults.judge(fault);
      for (int i = 0; i < KEYS; i++) {
        key("key-" + i);
      }
      var delivered = new TreeMap<String, String>();
      for (int i = 0; i < KEYS; i++) {
        delivered.put("key-" + i, active("key-" + i));
      }
      opened(pods, delivered);
      cluster.patch(ApiKey.class, "key-0", "{\"spec\":{\"revoked\":true}}");
      cluster.delete(ApiKey.class, "key-1");
      closed(pods, delivered.remove("key-0"), delivered.remove("key-1"));
      cluster.untilKey("key-0", ConditionType.Ready, "Revoked");
      faults.judge(_ -> FaultProxy.PASSES);
      opened(pods, delivered);
      assertThat(faults.met()).as("writes that went wrong").isGreaterThan(KEYS);
      assertThat(delivered.values()).as("keys that differ").doesNotHaveDuplicates();
    }
  }

  @Test
  void closedAndExpiredWatchesMissNoRevocation() {
    try (var client = faults.client();
        var _ = Cluster.operator(client, cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 2)) {
      for (int i = 0; i < KEYS; i++) {
        key("key-" + i);
      }
      var delivered = new TreeMap<String, String>();
      for (int i = 0; i < KEYS; i++) {
        delivered.put("key-" + i, active("key-" + i));
      }
      for (int round = 0; round < 3; round++) {
        var expired = new AtomicInteger();
        // The first two watches that are opened again ask for a version that is too old.
        faults.judge(request ->
            request.watches() && request.about("apikeys") && expired.incrementAndGet() <= 2
                ? new Fate.Answered(410)
                : FaultProxy.PASSES);
        faults.cutAll();
        var name = "key-" + round;
        if (round == 1) {
          cluster.delete(ApiKey.class, name);
        } else {
          cluster.patch(ApiKey.class, name, "{\"spec\":{\"revoked\":true}}");
        }
        closed(pods, delivered.remove(name));
      }
      assertThat(faults.met()).as("watches that were too old").isPositive();
      opened(pods, delivered);
    }
  }

  @Test
  void serverThatIsAwayForAWhileCostsNothingButTime() throws InterruptedException {
    try (var client = faults.client();
        var _ = Cluster.operator(client, cluster.namespace);
        var pods = new StandInPods(cluster, "tiles", 2)) {
      key("before");
      key("revoked");
      var before = active("before");
      var revoked = active("revoked");
      opened(pods, Map.of("before", before, "revoked", revoked));

      faults.down();
      cluster.patch(ApiKey.class, "revoked", "{\"spec\":{\"revoked\":true}}");
      key("meanwhile");
      Thread.sleep(Duration.ofSeconds(5));
      assertThat(pods.all(true, before)).as("gateways keep what they have").isTrue();
      faults.up();

      closed(pods, revoked);
      opened(pods, Map.of("before", before, "meanwhile", active("meanwhile")));
      assertThat(content("before")).isEqualTo(before);
    }
  }

  private void key(String name) {
    cluster.key(name, "instanceRef: {name: tiles}\nscopes: [tiles]\n");
  }

  /** Waits until a key is active and delivered; returns the digest of what was delivered. */
  private String active(String name) {
    var status =
        cluster
            .until(
                "it is Active",
                ApiKey.class,
                name,
                key ->
                    key.getStatus() != null
                        && key.getStatus().state() == KeyState.Active
                        && key.getStatus().next() == null)
            .getStatus();
    assertThat(content(name)).as("the Secret holds the very key").isEqualTo(digest(status));
    return digest(status);
  }

  private static String digest(io.mapwright.operator.api.v1alpha1.ApiKeyStatus status) {
    return java.util.Objects.requireNonNull(status.current()).sha256();
  }

  private String content(String name) {
    var plain = SecretText.of(cluster.get(Secret.class, name + "-key")).get("key");
    return ApiKeyFormat.digest(plain).toLowerCase(Locale.ROOT);
  }

  private static void opened(StandInPods pods, Map<String, String> delivered) {
    await("all gateways accept " + delivered.keySet())
        .atMost(Cluster.PATIENCE)
        .until(() -> delivered.values().stream().allMatch(digest -> pods.all(true, digest)));
    // One entry a key and no more: one that was made twice would have two.
    var entries = new HashSet<Integer>();
    pods.gateways().forEach(gateway -> entries.add(gateway.size("keys.map")));
    assertThat(entries).containsExactly(delivered.size());
  }

  private static void closed(StandInPods pods, String... digests) {
    await("no gateway accepts what was cut")
        .atMost(Cluster.PATIENCE)
        .until(() -> List.of(digests).stream().allMatch(digest -> pods.all(false, digest)));
  }
}
