package io.mapwright.operator.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What a gateway that begins again is told. */
public final class TableRows {
  private TableRows() {}

  /** The entries of one map by their keys. */
  public static Map<String, String> of(LiveTable table, String map) {
    var rows = new TreeMap<String, String>();
    table
        .snapshot()
        .content()
        .getOrDefault(map, List.of())
        .forEach(row -> rows.put(row.key(), Objects.requireNonNull(row.value())));
    return rows;
  }
}
