package io.mapwright.operator.table;

import org.jspecify.annotations.Nullable;

/**
 * The desired state of one entry; without a value it must not exist.
 *
 * @param map path of the map, one of {@link TableMaps#content()}
 * @param key see {@link MapText#isKey}
 * @param value see {@link MapText#isValue}
 */
public record Change(String map, String key, @Nullable String value) {

  public Change {
    if (!MapText.isKey(key) || (value != null && !MapText.isValue(value))) {
      throw new IllegalArgumentException(
          "an entry for " + map + " has characters the runtime API cannot carry");
    }
  }

  public static Change put(String map, String key, String value) {
    return new Change(map, key, value);
  }

  public static Change remove(String map, String key) {
    return new Change(map, key, null);
  }

  /** Leaves out key and value: they may be digests, origins or session keys. */
  @Override
  public String toString() {
    return (value == null ? "remove from " : "put into ") + map;
  }
}
