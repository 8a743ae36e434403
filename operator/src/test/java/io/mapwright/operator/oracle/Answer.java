package io.mapwright.operator.oracle;

import io.mapwright.operator.decision.Field;
import java.util.List;
import java.util.Optional;

/**
 * What came back.
 *
 * @param status 0 if the connection or the stream was closed without an answer, -1 if neither came
 */
record Answer(int status, List<Field> fields, String body) {
  static final Answer CLOSED = new Answer(0, List.of(), "");
  static final Answer SILENCE = new Answer(-1, List.of(), "");

  List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /** The code in problem details, or empty. */
  String code() {
    var marker = "\"code\":\"";
    int start = body.indexOf(marker);
    return start < 0
        ? ""
        : body.substring(start + marker.length(), body.indexOf('"', start + marker.length()));
  }

  boolean mentions(String secret) {
    return body.contains(secret)
        || fields.stream().anyMatch(field -> field.value().contains(secret));
  }
}
