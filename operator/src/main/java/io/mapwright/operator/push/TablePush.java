package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.LiveTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a table to one gateway, whole or by its differences, so that no key is ever accepted that
 * should not be, and an interruption is detected and repaired by the next attempt.
 */
final class TablePush {

  private static final int SAMPLES = 32;

  private final LiveTable table;
  private final GatewayMaps gateway;

  TablePush(LiveTable table, GatewayMaps gateway) {
    this.table = table;
    this.gateway = gateway;
  }

  /**
   * Replaces the content of each map atomically, then records that in the meta map, {@code ready}
   * last. A gateway that was ready stays ready: it serves its former table until the switch.
   */
  LiveTable.Snapshot whole(Terms terms, String own, Instant now) throws RuntimeApiException {
    // Anyone who finds this mark knows that the content is neither the old table nor the new one.
    meta(ReplicaReport.TABLE, ReplicaReport.TABLE_IN_TRANSIT);
    var snapshot = table.snapshot();
    var versions = new LinkedHashMap<String, String>();
    for (var map : snapshot.content().entrySet()) {
      var version = gateway.prepare(map.getKey());
      gateway.add(map.getKey(), map.getValue(), version);
      // The map that grants access is switched first, because of the keys that were removed from
      // it.
      versions.putFirst(map.getKey(), version);
    }
    gateway.commit(versions);
    requireSizes(snapshot.sizes());
    for (var rows : snapshot.content().values()) {
      gateway.confirm(samples(rows));
    }
    meta(ReplicaReport.GENERATION, Long.toString(snapshot.generation()));
    meta(ReplicaReport.TABLE, table.id());
    trust(terms, now);
    ready(terms, own);
    return snapshot;
  }

  /** Writes until when the table is valid, and its maximum age, by the operator's clock. */
  void trust(Terms terms, Instant now) throws RuntimeApiException {
    meta(ReplicaReport.MAX_AGE, Long.toString(terms.tableMaxAge().toSeconds()));
    meta(ReplicaReport.TRUSTED, Long.toString(terms.trustedUntil(now).getEpochSecond()));
  }

  /**
   * Marks the gateway as ready, with the number of replicas that share each limit, and tells it the
   * others.
   *
   * @param own address of this gateway
   */
  void ready(Terms terms, String own) throws RuntimeApiException {
    meta(ReplicaReport.READY, Integer.toString(terms.sharing()));
    if (terms.sharing() > 1) {
      meta(ReplicaReport.GATEWAYS, terms.others(own));
    }
  }

  /**
   * Applies what changed: revocations first, then puts in the order of the maps, then the removal
   * of what nothing refers to any more.
   */
  void differences(LiveTable.Delta delta) throws RuntimeApiException {
    var granting = table.maps().content().getLast();
    gateway.remove(removals(delta, granting));
    for (var map : table.maps().content()) {
      var puts = changes(delta, map).stream().filter(change -> change.value() != null).toList();
      if (!puts.isEmpty()) {
        gateway.put(puts);
      }
    }
    for (var map : table.maps().content().reversed()) {
      if (!map.equals(granting)) {
        gateway.remove(removals(delta, map));
      }
    }
    requireSizes(delta.sizes());
    meta(ReplicaReport.GENERATION, Long.toString(delta.generation()));
  }

  /** Applies only the revocations, ahead of something that takes longer. */
  void revocations(LiveTable.Delta delta) throws RuntimeApiException {
    gateway.remove(removals(delta, table.maps().content().getLast()));
  }

  private static List<Change> removals(LiveTable.Delta delta, String map) {
    return changes(delta, map).stream().filter(change -> change.value() == null).toList();
  }

  private static List<Change> changes(LiveTable.Delta delta, String map) {
    return delta.changes().stream()
        .map(LiveTable.Dated::change)
        .filter(change -> change.map().equals(map))
        .toList();
  }

  private void requireSizes(Map<String, Integer> sizes) throws RuntimeApiException {
    if (!gateway.report(table.maps()).sizes().equals(sizes)) {
      throw new RuntimeApiException(PushError.NOT_CONFIRMED, "show map");
    }
  }

  private static List<Change> samples(List<Change> rows) {
    var samples = new ArrayList<Change>();
    int step = Math.max(1, rows.size() / SAMPLES);
    for (int i = 0; i < rows.size(); i += step) {
      samples.add(rows.get(i));
    }
    return samples;
  }

  private void meta(String key, String value) throws RuntimeApiException {
    gateway.put(List.of(Change.put(table.maps().meta(), key, value)));
  }
}
