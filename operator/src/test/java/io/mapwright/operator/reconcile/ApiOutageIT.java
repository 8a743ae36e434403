package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.FaultProxy;
import io.mapwright.operator.kube.FaultProxy.Fate;
import io.mapwright.operator.kube.SecretText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An API server that is away for a minute, longer than the lease lasts: the operator's process ends
 * and is restarted, as a kubelet does, while there is still nobody to talk to.
 */
@ExtendWith(ApiServer.class)
class ApiOutageIT {
  private static final Duration OUTAGE = Duration.ofMinutes(1);
  private static final String SPEC = "instanceRef: {name: tiles}\nscopes: [tiles]\n";

  @TempDir Path folder = Path.of("/");
  private final Cluster cluster;
  private final FaultProxy faults;

  ApiOutageIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("outage"));
    faults = server.faults();
  }

  @AfterEach
  void close() {
    faults.close();
  }

  @Test
  void minuteWithoutApiServerLosesNoKeyMakesNoneTwiceAndKeepsTheRevokedOnesShut() throws Exception {
    cluster.instance(
        "tiles",
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(cluster.namespace));
    try (var operator = new RestartedOperator(faults.url(), cluster.namespace, folder);
        var pods = new StandInPods(cluster, "tiles", 2)) {
      for (var name : List.of("kept", "revoked", "deleted", "rotated")) {
        cluster.key(name, SPEC);
      }
      var kept = made("kept");
      var revoked = made("revoked");
      var deleted = made("deleted");
      var rotated = made("rotated");
      held(pods, true, kept, revoked, deleted, rotated);
      var halfMade = loseTheAnswerThatBrings("half-made");
      assertThat(operator.exits()).as("it has not ended until now").isEmpty();

      faults.down();
      cluster.patch(ApiKey.class, "revoked", "{\"spec\":{\"revoked\":true}}");
      cluster.delete(ApiKey.class, "deleted");
      cluster.patch(ApiKey.class, "rotated", "{\"spec\":{\"rotation\":{\"trigger\":\"now\"}}}");
      cluster.key("meanwhile", SPEC);
      Thread.sleep(OUTAGE);
      assertThat(pods.all(true, kept)).as("gateways keep what they have").isTrue();
      assertThat(operator.exits()).as("without its lease it ends").first().isEqualTo(1);
      faults.up();

      held(pods, false, revoked, deleted);
      held(pods, true, kept, rotated, made("meanwhile"), made("half-made"), again("rotated"));
      assertThat(delivered("kept")).isEqualTo(kept);
      assertThat(delivered("half-made")).as("the key that was on its way").isEqualTo(halfMade);
      assertThat(previous("rotated")).as("it works on in its grace").isEqualTo(rotated);
      assertThat(pods.gateways())
          .as("two digests for the rotated key, one for each other, none for those that were cut")
          .allSatisfy(gateway -> assertThat(gateway.size("keys.map")).isEqualTo(5));
    }
  }

  /** The Secret is stored, and the operator never learns of it. */
  private String loseTheAnswerThatBrings(String name) {
    var once = new AtomicBoolean();
    faults.judge(request ->
        request.writes() && request.about("secrets") && once.compareAndSet(false, true)
            ? new Fate.CutAfter()
            : FaultProxy.PASSES);
    cluster.key(name, SPEC);
    cluster.until("it is stored", Secret.class, name + "-key", _ -> true);
    return delivered(name);
  }

  /** Waits until a key is active; returns the digest with which it opens. */
  private String made(String name) {
    return current(
        name,
        status ->
            status.state() == KeyState.Active && status.next() == null && status.current() != null);
  }

  private String again(String name) {
    return current(
        name, status -> status.state() == KeyState.Rotating && status.previous() != null);
  }

  private String current(String name, Predicate<ApiKeyStatus> when) {
    var key =
        cluster.until(
            "it is made",
            ApiKey.class,
            name,
            now -> now.getStatus() != null && when.test(now.getStatus()));
    var digest = Objects.requireNonNull(key.getStatus().current()).sha256();
    assertThat(delivered(name)).as("the Secret holds the very key").isEqualTo(digest);
    return digest;
  }

  private String previous(String name) {
    KeyDigest previous = cluster.get(ApiKey.class, name).getStatus().previous();
    return Objects.requireNonNull(previous).sha256();
  }

  /** Digest of what a key's Secret holds. */
  private String delivered(String name) {
    var plain = SecretText.of(cluster.get(Secret.class, name + "-key")).get("key");
    return ApiKeyFormat.digest(plain).toLowerCase(Locale.ROOT);
  }

  private static void held(StandInPods pods, boolean accepted, String... digests) {
    for (var digest : digests) {
      await("every gateway has taken over: " + (accepted ? "accept " : "refuse ") + digest)
          .atMost(Cluster.PATIENCE)
          .until(() -> pods.all(accepted, digest));
    }
  }
}
