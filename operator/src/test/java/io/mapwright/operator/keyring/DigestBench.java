package io.mapwright.operator.keyring;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.NamespacedName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** How long the keyring takes for keys that all claim one digest, and for as many that do not. */
final class DigestBench {
  private static final int KEYS = Integer.getInteger("bench.keys", 10_000);
  private static final int ROUNDS = 5;
  private static final MapwrightInstance INSTANCE = Given.instance(Given.SMALLEST);

  private DigestBench() {}

  /** The informers, without a cluster. */
  private record Cache(Map<NamespacedName, ApiKey> keys) implements Keyring.Lookups {
    @Override
    public Optional<MapwrightInstance> instance(NamespacedName id) {
      return Optional.of(INSTANCE);
    }

    @Override
    public Optional<OriginPolicy> policy(String namespace, String name) {
      return Optional.empty();
    }

    @Override
    public List<ApiKey> keysOf(NamespacedName instance) {
      return List.copyOf(keys.values());
    }

    @Override
    public List<ApiKey> keysWith(String namespace, String policy) {
      return List.of();
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return Map.of();
    }

    @Override
    public Optional<ApiKey> key(NamespacedName id) {
      return Optional.ofNullable(keys.get(id));
    }
  }

  /**
   * What was timed.
   *
   * @param opened seconds until the table of an instance that is seen for the first time is whole
   * @param changed seconds for one change of each key and its removal
   */
  private record Times(double opened, double changed) {
    Times least(Times other) {
      return new Times(Math.min(opened, other.opened), Math.min(changed, other.changed));
    }
  }

  /** No arguments; prints JSON. */
  public static void main(String[] args) throws IOException {
    var distinct = new Times(Double.MAX_VALUE, Double.MAX_VALUE);
    var same = distinct;
    for (var round = 0; round < ROUNDS; round++) {
      distinct = distinct.least(times(i -> "%064x".formatted(i + 1L)));
      same = same.least(times(_ -> "d".repeat(64)));
    }
    var figures = new LinkedHashMap<String, Object>();
    figures.put("keys", KEYS);
    figures.put("rounds", ROUNDS);
    figures.put("secondsToOpenDistinct", distinct.opened());
    figures.put("secondsToOpenSame", same.opened());
    figures.put("ratioToOpen", round(same.opened() / distinct.opened()));
    figures.put("secondsToChangeDistinct", distinct.changed());
    figures.put("secondsToChangeSame", same.changed());
    figures.put("ratioToChange", round(same.changed() / distinct.changed()));
    figures.put("targetRatio", 2);
    System.out.println(
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures));
  }

  private static Times times(IntFunction<String> digest) {
    var cache = new Cache(new LinkedHashMap<>());
    for (var i = 0; i < KEYS; i++) {
      var key =
          Given.key(
              "maps",
              "k" + i,
              "instanceRef: {name: tiles}\nscopes: [tiles]\ndigest: \"" + digest.apply(i) + "\"");
      cache.keys().put(NamespacedName.of(key), key);
    }
    var keyring = new Keyring(cache, (_, _) -> {});
    var begin = System.nanoTime();
    var _ = keyring.open(INSTANCE);
    var opened = seconds(begin);
    begin = System.nanoTime();
    for (var key : List.copyOf(cache.keys().values())) {
      var _ = keyring.put(key);
      var _ = keyring.verdict(key);
      var _ = keyring.enforcedFrom(key);
      cache.keys().remove(NamespacedName.of(key));
      var _ = keyring.remove(NamespacedName.of(key));
    }
    return new Times(opened, seconds(begin));
  }

  private static double seconds(long begin) {
    return Math.round((System.nanoTime() - begin) / 1e6) / 1e3;
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
