package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.SecretText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A clock that is wrong, or set, or simply went on while no operator ran. */
@ExtendWith(ApiServer.class)
class MovedClockIT {
  private static final String SPEC = "instanceRef: {name: tiles}\nscopes: [tiles]\n";

  private final ApiServer.Running server;
  private final Cluster cluster;

  MovedClockIT(ApiServer.Running server) {
    this.server = server;
    cluster = new Cluster(server.admin(), server.namespace("clock"));
    cluster.instance(
        "tiles",
        "hosts: [%s.example.com]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n"
            .formatted(cluster.namespace));
  }

  @Test
  void rotationThatWasMissedIsMadeOnceAndNotAgainWhenTheClockGoesBackAndForth() {
    cluster.key("key", SPEC + "rotation: {every: 30d, grace: 2d}\n");
    var first = at(Duration.ZERO, KeyState.Active, _ -> true);

    var second = at(Duration.ofDays(100), KeyState.Rotating, _ -> true);
    assertThat(digest(second)).as("one of three that were missed").isNotEqualTo(digest(first));
    assertThat(Objects.requireNonNull(second.previous()).sha256()).isEqualTo(digest(first));

    var before = at(Duration.ZERO, KeyState.Rotating, _ -> true);
    assertThat(digest(before)).as("nothing is due before it was made").isEqualTo(digest(second));
    assertThat(Objects.requireNonNull(before.previous()).sha256()).isEqualTo(digest(first));

    var after = at(Duration.ofDays(103), KeyState.Active, status -> status.previous() == null);
    assertThat(digest(after)).as("its grace is over, no more").isEqualTo(digest(second));

    var late = at(Duration.ofDays(131), KeyState.Rotating, _ -> true);
    assertThat(Objects.requireNonNull(late.previous()).sha256()).isEqualTo(digest(second));
  }

  @Test
  void keyIsRotatedWhenItsTimeComes() {
    cluster.key("key", SPEC + "rotation: {every: 1h, grace: 1m}\n");
    var first = at(Duration.ZERO, KeyState.Active, _ -> true);
    var due = Instant.parse(Objects.requireNonNull(first.nextRotation()));
    var ahead = Duration.between(Instant.now(), due).minusSeconds(10);
    try (var client = server.client();
        var _ =
            Cluster.operator(client, Clock.offset(Clock.systemUTC(), ahead), cluster.namespace)) {
      var rotated =
          cluster.until(
              "it is another key",
              ApiKey.class,
              "key",
              key -> key.getStatus().state() == KeyState.Rotating);
      assertThat(digest(rotated.getStatus())).isNotEqualTo(digest(first));
      assertThat(Objects.requireNonNull(rotated.getStatus().previous()).sha256())
          .isEqualTo(digest(first));
    }
  }

  @Test
  void keyThatAWrongClockEndedIsMadeAnewAndTheFormerOneStaysShut() {
    cluster.key("key", SPEC + "ttl: 10d\n");
    var ended = digest(at(Duration.ZERO, KeyState.Active, _ -> true));
    var expired = at(Duration.ofDays(11), KeyState.Expired, _ -> true);
    assertThat(expired.current()).isNull();
    assertThat(expired.retired()).as("what was cut by its end").contains(ended);

    var again = at(Duration.ZERO, KeyState.Active, _ -> true);
    assertThat(digest(again)).isNotEqualTo(ended);
    assertThat(again.retired()).contains(ended);
  }

  /** What the key comes to while the operator's clock is that far ahead of the API server's. */
  private ApiKeyStatus at(Duration ahead, KeyState state, Predicate<ApiKeyStatus> when) {
    try (var client = server.client();
        var _ =
            Cluster.operator(client, Clock.offset(Clock.systemUTC(), ahead), cluster.namespace)) {
      // Any change has a pass looked for, and this one is seen when it is done.
      cluster.patch(
          ApiKey.class,
          "key",
          "{\"spec\":{\"scopes\":[\"tiles\",\"%s\"]}}"
              .formatted(ahead.isZero() ? "fonts" : "styles"));
      var status =
          cluster
              .until(
                  "it is " + state + " when the clock is ahead by " + ahead,
                  ApiKey.class,
                  "key",
                  key ->
                      key.getStatus() != null
                          && key.getMetadata()
                              .getGeneration()
                              .equals(key.getStatus().observedGeneration())
                          && key.getStatus().state() == state
                          && key.getStatus().next() == null
                          && when.test(key.getStatus()))
              .getStatus();
      requireDelivered(status);
      return status;
    }
  }

  private static String digest(ApiKeyStatus status) {
    return Objects.requireNonNull(status.current()).sha256();
  }

  private void requireDelivered(ApiKeyStatus status) {
    if (status.current() != null) {
      var plain = SecretText.of(cluster.get(Secret.class, "key-key")).get("key");
      assertThat(ApiKeyFormat.digest(plain).toLowerCase(Locale.ROOT))
          .as("the Secret holds the current key")
          .isEqualTo(digest(status));
    }
  }
}
