package io.mapwright.operator.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.gateway.GatewayMap;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.keyring.NamedPolicies;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.table.TableRows;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the status of a key says and what the gateways are told never differ: read from the outside,
 * as an owner reads the one and a gateway the other.
 */
class StatusAndTableAgreeTest {
  private static final int STEPS = 120;
  private static final String MAP = GatewayPaths.DEFAULTS.map(GatewayMap.KEYS);

  /** What somebody who reads a status takes for granted of one digest. */
  private record Promise(ApiKey key, @Nullable Instant end) {}

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.rangeClosed(1, 60), LongStream.of(new SecureRandom().nextLong()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void statusAndTableSayTheSame(long seed) {
    var world = new KeyWorld(seed);
    for (var step = 0; step < STEPS; step++) {
      world.step();
      compare(world, "seed " + seed + ", step " + step);
    }
  }

  private static void compare(KeyWorld world, String where) {
    for (var instance :
        List.of(new NamespacedName("maps", "tiles"), new NamespacedName("maps", "other"))) {
      var promised = new HashMap<String, Promise>();
      var left = new HashSet<String>();
      for (var key : world.keysOf(instance)) {
        promises(key)
            .forEach((digest, promise) -> {
              var other = promised.put(digest, promise);
              assertThat(other).as("%s: two keys are said to open with one digest", where).isNull();
            });
        left.addAll(unsaid(key));
      }
      var known = world.instances.get(instance);
      var rows =
          known == null ? Map.<String, String>of() : TableRows.of(world.keyring.open(known), MAP);
      assertThat(rows.keySet())
          .as("%s: said to open, %s", where, instance)
          .containsAll(promised.keySet());
      var unpromised = new HashSet<>(rows.keySet());
      unpromised.removeAll(promised.keySet());
      assertThat(left).as("%s: opens, %s", where, instance).containsAll(unpromised);
      promised.forEach(
          (digest, promise) -> hold(where, promise, rows.getOrDefault(digest, ""), world.now));
    }
  }

  /** Digests of a key that open, as its status says. */
  private static Map<String, Promise> promises(ApiKey key) {
    var status = key.getStatus();
    var promises = new HashMap<String, Promise>();
    if (status == null
        || key.getMetadata().getDeletionTimestamp() != null
        || (status.state() != KeyState.Active && status.state() != KeyState.Rotating)) {
      return promises;
    }
    add(promises, key, status.current());
    var former = condition(status, ConditionType.Expiring).map(Condition::getMessage).orElse("");
    if (!former.contains("grants no access")) {
      add(promises, key, status.previous());
    }
    return promises;
  }

  private static void add(Map<String, Promise> promises, ApiKey key, @Nullable KeyDigest digest) {
    if (digest != null) {
      var end =
          Stream.of(
                  Optional.ofNullable(digest.notAfter()),
                  Optional.ofNullable(key.getStatus().expiresAt()))
              .flatMap(Optional::stream)
              .map(text -> OffsetDateTime.parse(text).toInstant())
              .min(Instant::compareTo)
              .orElse(null);
      promises.put(upperCase(digest), new Promise(key, end));
    }
  }

  /**
   * The former digest of a key whose current one is another's or cut: the status says what is wrong
   * with the current one, and nothing of the former, which goes on for its grace.
   */
  private static Set<String> unsaid(ApiKey key) {
    var status = key.getStatus();
    if (status == null || status.state() != KeyState.Denied || status.previous() == null) {
      return Set.of();
    }
    return switch (condition(status, ConditionType.Accepted).orElseThrow().getReason()) {
      case "DigestRevoked", "DuplicateDigest", "KeyIdTaken" -> Set.of(upperCase(status.previous()));
      default -> Set.of();
    };
  }

  /** {@code id|bits|not after|burst|per 10 s|per 10 s and client|origin set|flags|counter}. */
  private static void hold(String where, Promise promise, String row, Instant now) {
    var key = promise.key();
    var fields = List.of(row.split("\\|"));
    if (promise.end() == null) {
      assertThat(fields.get(2)).as("%s: end", where).isEqualTo("253402300799");
    } else {
      assertThat(promise.end()).as("%s: end", where).isAfter(now);
      assertThat(fields.get(2)).as("%s: end", where).isEqualTo("" + promise.end().getEpochSecond());
    }
    var bits =
        key.getSpec().scopes().stream()
            .mapToInt(scope ->
                switch (scope) {
                  case TILES -> 1;
                  case STYLES -> 2;
                  case FONTS -> 4;
                  case ROUTING -> 8;
                  case ADMIN -> 16;
                })
            .sum();
    assertThat(Integer.parseInt(fields.get(1)) & 31).as("%s: scopes", where).isEqualTo(bits);
    assertThat(fields.get(6).equals("*"))
        .as("%s: any origin", where)
        .isEqualTo(NamedPolicies.names(key).isEmpty());
    var asked = key.getSpec().rateLimit();
    if (asked != null) {
      var accepted = condition(key.getStatus(), ConditionType.Accepted).orElseThrow().getMessage();
      var cut = accepted.replaceFirst(".*lowers its limit to ([0-9]+) requests.*", "$1");
      var limit = cut.equals(accepted) ? asked.requestsPerSecond() : Integer.parseInt(cut);
      assertThat(fields.get(4)).as("%s: limit", where).isEqualTo("" + 10 * limit);
    }
  }

  private static Optional<Condition> condition(ApiKeyStatus status, ConditionType type) {
    return Conditions.find(status.conditions(), type);
  }

  private static String upperCase(KeyDigest digest) {
    return String.valueOf(digest.sha256()).toUpperCase(Locale.ROOT);
  }
}
