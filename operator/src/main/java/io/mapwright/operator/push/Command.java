package io.mapwright.operator.push;

import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.MapText;
import java.util.List;

/** One command as it goes over the wire. Its words must be such as {@link MapText} admits. */
record Command(String line, String payload) {

  static Command of(String... words) {
    return new Command(String.join(" ", words), "");
  }

  /** A payload ends at its first empty line, so it must hold none. */
  static Command withPayload(String payload, String... words) {
    return new Command(String.join(" ", words) + " <<", payload + "\n\n");
  }

  static Command get(String map, String key) {
    return of("get map", map, key);
  }

  static Command set(Change change, String value) {
    return of("set map", change.map(), change.key(), value);
  }

  static Command del(Change change) {
    return of("del map", change.map(), change.key());
  }

  String wire() {
    return line + "\n" + payload;
  }

  boolean hasPayload() {
    return !payload.isEmpty();
  }

  /** The words before any data, fit for a message. */
  String name() {
    return String.join(" ", List.of(line.split(" ", 3)).stream().limit(2).toList());
  }

  @Override
  public String toString() {
    return name();
  }
}
