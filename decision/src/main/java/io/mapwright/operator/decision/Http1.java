package io.mapwright.operator.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the head of an HTTP/1 request as strictly as RFC 9112 lets a server be. */
public final class Http1 {
  private static final Pattern START =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) +([\\x21-\\x7e&&[^#]]+) +HTTP/1\\.([01])");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PLAIN_NAME = Pattern.compile("[0-9A-Za-z-]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** HTTP/1.0 servers do not expect a body with these methods, which request smuggling exploits. */
  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE");

  private Http1() {}

  /**
   * Read bytes, given as characters of ISO 8859-1; what follows the head is not looked at. Empty
   * for what a parser refuses, in its own words or by closing the connection.
   */
  public static Optional<Request> read(String bytes, Client client) {
    var text = bytes.replace("\r\n", "\n");
    int end = text.indexOf("\n\n");
    if (end < 0) {
      return Optional.empty();
    }
    var head = text.substring(0, end).replaceAll("\n[ \t]+", " ");
    if (head.indexOf('\r') >= 0 || head.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    var lines = List.of(head.split("\n", -1));
    var start = START.matcher(lines.getFirst());
    var fields = fields(lines.subList(1, lines.size()));
    if (!start.matches() || start.group(1).equals("CONNECT") || fields.isEmpty()) {
      return Optional.empty();
    }
    boolean old = start.group(3).equals("0");
    if (!framed(fields.get(), old)
        || (old && BODILESS.contains(start.group(1)) && hasBody(fields.get()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(
            old ? Version.HTTP_1_0 : Version.HTTP_1_1,
            start.group(1),
            start.group(2),
            fields.get(),
            hasBody(fields.get()),
            client));
  }

  private static Optional<List<Field>> fields(List<String> lines) {
    var fields = new ArrayList<Field>();
    for (var line : lines) {
      int colon = line.indexOf(':');
      if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
        return Optional.empty();
      }
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      // Some servers read "_" and others as "-": such a field is as if it had not been sent.
      if (PLAIN_NAME.matcher(name).matches()) {
        fields.add(new Field(name, trimmed(line.substring(colon + 1))));
      }
    }
    return oneHost(fields).map(Http1::oneLength);
  }

  /**
   * A repeated equal length is one length (RFC 9110, 8.6); different ones are left to {@link
   * #framed}.
   */
  private static List<Field> oneLength(List<Field> fields) {
    var lengths =
        values(fields, "content-length").stream()
            .flatMap(list -> Arrays.stream(list.split(",", -1)))
            .map(Http1::trimmed)
            .distinct()
            .map(length -> new Field("content-length", length));
    var others = fields.stream().filter(field -> !field.name().equals("content-length"));
    return Stream.concat(others, lengths).toList();
  }

  /** A repeated equal host is one host; different ones are none. */
  private static Optional<List<Field>> oneHost(List<Field> fields) {
    var hosts = values(fields, "host");
    if (hosts.size() < 2) {
      return Optional.of(fields);
    }
    if (!hosts.stream().allMatch(hosts.getFirst()::equalsIgnoreCase)) {
      return Optional.empty();
    }
    var one = new ArrayList<Field>();
    one.add(new Field("host", hosts.getFirst()));
    fields.stream().filter(field -> !field.name().equals("host")).forEach(one::add);
    return Optional.of(one);
  }

  static String trimmed(String value) {
    return value.replaceFirst("^[ \t]+", "").replaceFirst("[ \t]+$", "");
  }

  /** Where the body ends must be beyond doubt: one length, or chunks. */
  private static boolean framed(List<Field> fields, boolean old) {
    var lengths = values(fields, "content-length");
    var codings = values(fields, "transfer-encoding");
    return lengths.size() <= 1
        && lengths.stream().allMatch(length -> NUMBER.matcher(length).matches())
        && (codings.isEmpty()
            || (!old
                && lengths.isEmpty()
                && codings.size() == 1
                && codings.getFirst().equals("chunked")));
  }

  private static boolean hasBody(List<Field> fields) {
    return !values(fields, "transfer-encoding").isEmpty()
        || values(fields, "content-length").stream().anyMatch(value -> Long.parseLong(value) > 0);
  }

  private static List<String> values(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }
}
