package io.mapwright.operator.push;

import io.mapwright.operator.table.LiveTable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a gateway reports about itself, from its meta map. */
record ReplicaReport(
    @Nullable String table,
    @Nullable String generationText,
    @Nullable String readyText,
    Map<String, Integer> sizes,
    boolean stopping,
    @Nullable String version) {

  static final String TABLE = "table";
  static final String GENERATION = "generation";
  static final String READY = "ready";
  static final String TRUSTED = "trusted";
  static final String MAX_AGE = "max_age";

  /** Stands in the place of the table id while a whole table is being written. */
  static final String TABLE_IN_TRANSIT = "-";

  /** Readiness is encoded as the number of replicas that share the limits. */
  boolean isReady() {
    return sharing() > 0;
  }

  /** The number of replicas that share the limits, as known to this one; 0 if it is not ready. */
  int sharing() {
    try {
      return readyText == null ? 0 : Integer.parseInt(readyText);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  boolean isEmpty() {
    return table == null && readyText == null;
  }

  /** The generation of that table this gateway holds, or 0 for none. */
  long generationOf(LiveTable followed) {
    if (!followed.id().equals(table) || generationText == null || !isReady()) {
      return 0;
    }
    try {
      return Long.parseLong(generationText);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
