package io.mapwright.operator.push;

import io.mapwright.operator.table.LiveTable;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a gateway reports about itself, from its meta map. */
record ReplicaReport(
    @Nullable String table,
    @Nullable String generationText,
    @Nullable String readyText,
    String gateways,
    String silent,
    Map<String, Integer> sizes,
    boolean stopping,
    @Nullable String version) {

  static final String TABLE = "table";
  static final String GENERATION = "generation";
  static final String READY = "ready";
  static final String GATEWAYS = "gateways";
  static final String SILENT = "silent";
  static final String TRUSTED = "trusted";
  static final String MAX_AGE = "max_age";

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]*[.:][0-9a-f.:]{1,38}");
  private static final int MAX_SILENT = 3;

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

  /** Addresses of gateways that do not answer this one; what is no address is dropped. */
  List<String> silentGateways() {
    return ADDRESS.matcher(silent).results().map(MatchResult::group).limit(MAX_SILENT).toList();
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
