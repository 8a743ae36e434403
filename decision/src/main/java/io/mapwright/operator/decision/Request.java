package io.mapwright.operator.decision;

import java.util.List;
import java.util.Optional;

/**
 * A request as an HTTP parser leaves it: names in lower case, values without blanks around them,
 * HTTP/2's {@code :authority} as {@code host}. Bytes are characters of ISO 8859-1.
 *
 * @param target the path and query, or whatever stands in their place, as sent
 * @param body whether anything follows the head
 */
public record Request(
    Version version,
    String method,
    String target,
    List<Field> fields,
    boolean body,
    Client client) {

  public Request {
    fields = List.copyOf(fields);
  }

  List<String> all(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  boolean has(String name) {
    return !all(name).isEmpty();
  }
}
