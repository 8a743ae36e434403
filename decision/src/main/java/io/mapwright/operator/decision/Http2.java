package io.mapwright.operator.decision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the fields of an HTTP/2 request as RFC 9113, 8 has them read. */
public final class Http2 {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");
  private static final Pattern PLAIN_NAME = Pattern.compile("[0-9a-z-]+");
  private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
  private static final Pattern TARGET = Pattern.compile("/[\\x21-\\x7e&&[^#]]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");
  private static final Set<String> OF_CONNECTIONS =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private Http2() {}

  /**
   * Read fields in the order sent, and the length of the body that follows. Empty for what a parser
   * refuses: an answer 400, or a stream or connection that is reset.
   */
  public static Optional<Request> read(List<Field> sent, long bodyLength, Client client) {
    var pseudo = new HashMap<String, String>();
    var fields = new ArrayList<Field>();
    for (var field : sent) {
      if (field.name().startsWith(":")) {
        boolean late = !fields.isEmpty();
        if (late || !PSEUDO.contains(field.name()) || pseudo.containsKey(field.name())) {
          return Optional.empty();
        }
        pseudo.put(field.name(), field.value());
      } else if (allowed(field)) {
        fields.add(new Field(field.name(), Http1.trimmed(field.value())));
      } else {
        return Optional.empty();
      }
    }
    // A repeated equal length is one length (RFC 9110, 8.6).
    var lengths = fields.stream().filter(field -> field.name().equals("content-length")).distinct();
    var others = fields.stream().filter(field -> !field.name().equals("content-length"));
    var method = pseudo.getOrDefault(":method", "");
    var path = pseudo.getOrDefault(":path", "");
    boolean whole =
        SCHEME.matcher(pseudo.getOrDefault(":scheme", "")).matches()
            && METHOD.matcher(method).matches();
    if (!whole || method.equals("CONNECT") || !TARGET.matcher(path).matches()) {
      return Optional.empty();
    }
    var all = hosted(pseudo, Stream.concat(others, lengths).toList());
    return lengthIsTrue(all, bodyLength)
        ? Optional.of(
            new Request(
                Version.HTTP_2, method, target(pseudo, path), joined(all), bodyLength > 0, client))
        : Optional.empty();
  }

  /** A request for another scheme is not for a path of this server. */
  private static String target(Map<String, String> pseudo, String path) {
    var scheme = pseudo.getOrDefault(":scheme", "");
    var authority = pseudo.getOrDefault(":authority", "");
    return !pseudo.containsKey(":authority") || scheme.equalsIgnoreCase("https")
        ? path
        : scheme + "://" + authority + path;
  }

  private static boolean allowed(Field field) {
    return NAME.matcher(field.name()).matches()
        && !OF_CONNECTIONS.contains(field.name())
        && (!field.name().equals("te") || field.value().equals("trailers"))
        && field.value().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  /** {@code :authority} stands above any Host field. */
  private static List<Field> hosted(Map<String, String> pseudo, List<Field> fields) {
    var authority = pseudo.get(":authority");
    if (authority == null) {
      return fields;
    }
    var all = new ArrayList<Field>();
    // The default port, or an empty one, is dropped (RFC 3986, 6.2.3).
    all.add(new Field("host", authority.replaceFirst(":(443)?$", "")));
    fields.stream().filter(field -> !field.name().equals("host")).forEach(all::add);
    return all;
  }

  private static boolean lengthIsTrue(List<Field> fields, long bodyLength) {
    return fields.stream()
        .filter(field -> field.name().equals("content-length"))
        .allMatch(field ->
            NUMBER.matcher(field.value()).matches() && Long.parseLong(field.value()) == bodyLength);
  }

  /** Several cookie fields are joined into one (RFC 9113, 8.2.3). */
  private static List<Field> joined(List<Field> fields) {
    var crumbs =
        fields.stream()
            .filter(field -> field.name().equals("cookie"))
            .map(Field::value)
            .collect(Collectors.joining("; "));
    var joined =
        new ArrayList<>(
            fields.stream()
                .filter(field -> !field.name().equals("cookie"))
                .filter(field -> PLAIN_NAME.matcher(field.name()).matches())
                .toList());
    if (!crumbs.isEmpty()) {
      joined.add(new Field("cookie", crumbs));
    }
    return joined;
  }
}
