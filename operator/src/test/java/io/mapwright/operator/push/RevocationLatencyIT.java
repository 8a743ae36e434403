package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Prints how long a revoked key still works, with as many keys as the system property {@code
 * mapwright.keys} says; asserts only that it stops working.
 */
class RevocationLatencyIT extends GatewayFixture {

  private static final int KEYS = Integer.getInteger("mapwright.keys", 10_000);
  private static final int REVOCATIONS = 200;

  @Test
  void revokedKeyIsRefusedByEveryReplica() throws Exception {
    var table = table(KEYS);
    var fleet = following(table);
    observer.latencies.clear();
    var refused = new ArrayList<Duration>();
    try (var probes = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < REVOCATIONS; i++) {
        var key = "K" + i;
        for (var gateway : gateways) {
          assertThat(status(gateway, key)).isEqualTo(200);
        }
        long start = System.nanoTime();
        var generation = table.remove(keys(), key);
        var untilRefused =
            gateways.stream()
                .map(gateway -> (Callable<Boolean>) () -> untilRefused(gateway, key))
                .toList();
        for (var done : probes.invokeAll(untilRefused)) {
          done.get();
        }
        refused.add(Duration.ofNanos(System.nanoTime() - start));
        awaitInStep(fleet, generation);
      }
    }
    System.out.printf(
        "%s: revocation, %,d keys, 3 replicas: refused on the last of 3 %s; confirmed by each %s%n",
        executable, KEYS, percentiles(refused), percentiles(observer.latencies));
  }

  private boolean untilRefused(GatewayProcess gateway, String key) throws Exception {
    while (status(gateway, key) == 200) {
      Thread.onSpinWait();
    }
    return true;
  }

  private static String percentiles(List<Duration> measured) {
    var sorted = measured.stream().sorted().toList();
    return "n=%d p50=%.2f ms p99=%.2f ms max=%.2f ms"
        .formatted(
            sorted.size(),
            millis(sorted.get(sorted.size() / 2)),
            millis(sorted.get(sorted.size() * 99 / 100)),
            millis(sorted.getLast()));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
