package io.mapwright.operator.decision;

import io.mapwright.operator.gateway.GatewaySettings;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.OriginEntry;
import io.mapwright.operator.gateway.SessionKeyEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The gateway's table when a request arrives.
 *
 * @param keys by digest
 * @param origins as set and origin, with a blank between
 * @param sessionKeys what session cookies may be signed with
 * @param ready whether the table has arrived; nothing that needs a key is served before
 * @param trusted the last second in which keys are accepted without contact to the operator
 */
public record Table(
    GatewaySettings settings,
    Map<String, KeyEntry> keys,
    Set<String> origins,
    List<SessionKeyEntry> sessionKeys,
    boolean ready,
    Instant trusted) {

  public Table {
    keys = Map.copyOf(keys);
    origins = Set.copyOf(origins);
    sessionKeys = List.copyOf(sessionKeys);
  }

  public static Table of(
      GatewaySettings settings,
      Collection<KeyEntry> keys,
      Collection<OriginEntry> origins,
      List<SessionKeyEntry> sessionKeys,
      boolean ready,
      Instant trusted) {
    return new Table(
        settings,
        keys.stream().collect(Collectors.toMap(KeyEntry::digestHex, Function.identity())),
        origins.stream()
            .map(entry -> entry.originSet() + " " + entry.origin().text())
            .collect(Collectors.toSet()),
        sessionKeys,
        ready,
        trusted);
  }

  boolean lists(String set, String origin) {
    return origins.contains(set + " " + origin);
  }
}
