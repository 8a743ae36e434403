package io.mapwright.operator.table;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The desired content of the maps of one instance, in the order of its changes.
 *
 * <p>Each entry sits in its map at the place of its last change, newest last, so a reader at
 * generation {@code g} finds what it lacks by walking back from the end: one change costs the same
 * whatever the size of the table, and many changes of one entry are one. Removed entries stay as
 * tombstones until there are too many; a reader older than the oldest one has to copy everything.
 *
 * <p>Nothing is pushed before {@link #complete()}: an incomplete table would reject valid keys.
 */
public final class LiveTable {

  private static final int DEFAULT_TOMBSTONES = 10_000;

  private final TableMaps maps;
  private final String id;
  private final int tombstoneLimit;
  private final LongSupplier nanoTime;
  private final Map<String, SequencedMap<String, Cell>> cells = new LinkedHashMap<>();
  private final Map<String, Integer> live = new HashMap<>();
  private final ArrayDeque<Tombstone> tombstones = new ArrayDeque<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private long generation = 1;
  private long floor = 1;
  private boolean complete;

  /**
   * Creates an empty table with a random id, so that no gateway confuses it with an earlier one.
   */
  public static LiveTable create(TableMaps maps) {
    var id = new byte[12];
    new SecureRandom().nextBytes(id);
    return new LiveTable(maps, HexFormat.of().formatHex(id), DEFAULT_TOMBSTONES, System::nanoTime);
  }

  public LiveTable(TableMaps maps, String id, int tombstoneLimit, LongSupplier nanoTime) {
    this.maps = maps;
    this.id = id;
    this.tombstoneLimit = tombstoneLimit;
    this.nanoTime = nanoTime;
    for (var map : maps.content()) {
      cells.put(map, new LinkedHashMap<>());
      live.put(map, 0);
    }
  }

  public String id() {
    return id;
  }

  public TableMaps maps() {
    return maps;
  }

  /** Starts at 1: a replica that reports 0 has confirmed nothing of this table. */
  public synchronized long generation() {
    return generation;
  }

  public synchronized int size() {
    return live.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Declares that all entries known at startup were added; from then on gateways may be written.
   */
  public void complete() {
    synchronized (this) {
      complete = true;
    }
    watchers.forEach(Runnable::run);
  }

  public synchronized boolean isComplete() {
    return complete;
  }

  /** Returns the generation from which on a replica holds this entry. */
  public long put(String map, String key, String value) {
    return apply(List.of(Change.put(map, key, value)));
  }

  /** Returns the generation from which on no replica holds this entry. */
  public long remove(String map, String key) {
    return apply(List.of(Change.remove(map, key)));
  }

  /**
   * Applies all or nothing, and wakes the replicas only if something differs from before.
   *
   * @return the generation from which on a replica has all of {@code changes}; with changes that
   *     were in force already this is an earlier one than {@link #generation()}
   */
  public long apply(Collection<Change> changes) {
    long since = 0;
    boolean changed = false;
    synchronized (this) {
      requireKnownMaps(changes);
      var now = nanoTime.getAsLong();
      for (var change : changes) {
        changed |= store(change, generation + 1, now);
      }
      if (changed) {
        generation++;
      }
      for (var change : changes) {
        since = Math.max(since, sinceWhen(change));
      }
      dropOldTombstones();
    }
    if (changed) {
      watchers.forEach(Runnable::run);
    }
    return since;
  }

  private void requireKnownMaps(Collection<Change> changes) {
    for (var change : changes) {
      if (!cells.containsKey(change.map())) {
        throw new IllegalArgumentException(change.map() + " is not a map of this table");
      }
    }
  }

  private boolean store(Change change, long next, long now) {
    var entries = entries(change.map());
    var old = entries.get(change.key());
    var oldValue = old == null ? null : old.value();
    if (Objects.equals(oldValue, change.value())) {
      return false;
    }
    entries.putLast(change.key(), new Cell(change.value(), next, now));
    if (change.value() == null) {
      tombstones.add(new Tombstone(change.map(), change.key(), next));
      live.merge(change.map(), -1, Integer::sum);
    } else if (oldValue == null) {
      live.merge(change.map(), 1, Integer::sum);
    }
    return true;
  }

  private long sinceWhen(Change change) {
    var cell = entries(change.map()).get(change.key());
    return cell == null ? floor : cell.generation();
  }

  private void dropOldTombstones() {
    while (tombstones.size() > tombstoneLimit) {
      var oldest = tombstones.remove();
      var entries = entries(oldest.map());
      var cell = entries.get(oldest.key());
      if (cell != null && cell.value() == null && cell.generation() == oldest.generation()) {
        entries.remove(oldest.key());
        floor = oldest.generation();
      }
    }
  }

  private SequencedMap<String, Cell> entries(String map) {
    return Objects.requireNonNull(cells.get(map));
  }

  /** Returns what changed after {@code position}, or empty if that is no longer known. */
  public synchronized Optional<Delta> since(long position) {
    if (position < floor || position > generation) {
      return Optional.empty();
    }
    var changes = new ArrayList<Dated>();
    for (var map : maps.content()) {
      var newestFirst = new ArrayList<Dated>();
      for (var entry : entries(map).sequencedEntrySet().reversed()) {
        var cell = entry.getValue();
        if (cell.generation() <= position) {
          break;
        }
        newestFirst.add(
            new Dated(new Change(map, entry.getKey(), cell.value()), cell.changedAtNanos()));
      }
      changes.addAll(newestFirst.reversed());
    }
    return Optional.of(new Delta(generation, changes, Map.copyOf(live)));
  }

  public synchronized Snapshot snapshot() {
    var content = new LinkedHashMap<String, List<Change>>();
    for (var map : maps.content()) {
      var rows = new ArrayList<Change>(live.getOrDefault(map, 0));
      entries(map)
          .forEach((key, cell) -> {
            if (cell.value() != null) {
              rows.add(new Change(map, key, cell.value()));
            }
          });
      content.put(map, rows);
    }
    return new Snapshot(generation, content);
  }

  public long now() {
    return nanoTime.getAsLong();
  }

  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  private record Cell(@Nullable String value, long generation, long changedAtNanos) {}

  private record Tombstone(String map, String key, long generation) {}

  /** A change and when the table learned of it. */
  public record Dated(Change change, long changedAtNanos) {}

  /** What a reader lacks, oldest first within each map, and how many entries it then has. */
  public record Delta(long generation, List<Dated> changes, Map<String, Integer> sizes) {}

  /** Everything, at one moment. */
  public record Snapshot(long generation, Map<String, List<Change>> content) {

    public Map<String, Integer> sizes() {
      var sizes = new HashMap<String, Integer>();
      content.forEach((map, rows) -> sizes.put(map, rows.size()));
      return sizes;
    }

    public int size() {
      return content.values().stream().mapToInt(List::size).sum();
    }
  }
}
