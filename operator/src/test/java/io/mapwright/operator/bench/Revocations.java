package io.mapwright.operator.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** From the answer to the patch to the first 401 on the last of the real gateways, under load. */
final class Revocations {
  private static final int PER_SECOND = 2000;

  private final Api api;
  private final String namespace;
  private final List<String> addresses;
  private final String host;

  Revocations(Api api, String namespace, List<String> addresses, String host) {
    this.api = api;
    this.namespace = namespace;
    this.addresses = addresses;
    this.host = host;
  }

  /** Revokes the first keys, one after the other, while the others are used. */
  Map<String, Object> measured(Map<String, String> keys, int count)
      throws IOException, InterruptedException, ExecutionException {
    var names = new TreeMap<>(keys).navigableKeySet().stream().toList();
    var others = names.subList(count, names.size()).stream().map(keys::get).toList();
    var clients = new ArrayList<Client>();
    for (var address : addresses) {
      clients.add(new Client(address, host));
    }
    var latencies = new ArrayList<Double>();
    var patches = new ArrayList<Double>();
    try (var load = new Load(addresses, host, others, PER_SECOND);
        var probes = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread.sleep(Duration.ofSeconds(5));
      for (var name : names.subList(0, count)) {
        var key = keys.getOrDefault(name, "");
        for (var client : clients) {
          if (client.status(key) != 200) {
            throw new IllegalStateException(name + " does not work");
          }
        }
        var patch = System.nanoTime();
        api.revoke(namespace, name);
        var begin = System.nanoTime();
        latencies.add((lastRefusal(clients, key, probes) - begin) / 1e6);
        patches.add((begin - patch) / 1e6);
      }
      var result = new LinkedHashMap<String, Object>();
      result.put("requestsPerSecondMeanwhile", load.perSecond());
      result.put("requestsNotServed", load.notServed());
      result.put("patchMillis", Waits.percentiles(patches));
      result.put("patchReturnsToLast401Millis", Waits.percentiles(latencies));
      result.put("raw", latencies);
      return result;
    }
  }

  private static long lastRefusal(List<Client> clients, String key, ExecutorService probes)
      throws InterruptedException, ExecutionException {
    var refused = new ArrayList<Future<Long>>();
    for (var client : clients) {
      refused.add(
          probes.submit(() -> {
            while (client.status(key) == 200) {
              Thread.sleep(1);
            }
            return System.nanoTime();
          }));
    }
    long last = Long.MIN_VALUE;
    for (var each : refused) {
      last = Math.max(last, each.get());
    }
    return last;
  }
}
