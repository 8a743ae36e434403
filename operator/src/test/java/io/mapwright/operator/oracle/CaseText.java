package io.mapwright.operator.oracle;

import io.mapwright.operator.decision.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A case as text that people can read and keep: {@code world}, {@code from} and {@code protocol} on
 * the first line ({@code h2+data} for one that ends in a DATA frame of its own), then the lines of
 * the message. Bytes that do not print are {@code \xNN}, the tests' keys stand as {@code {tiles}},
 * a genuine session as {@code {session}}.
 */
final class CaseText {
  private CaseText() {}

  static String write(Case asked) {
    var first =
        "%s %s %s %s\n"
            .formatted(
                asked.world().name().toLowerCase(Locale.ROOT),
                asked.from(),
                asked.certificate() ? "certificate" : "-",
                protocol(asked.sent()));
    return first
        + switch (asked.sent()) {
          case Case.OverHttp1(var head, var body) -> lines(head + body);
          case Case.OverHttp2(var fields, var body, _) ->
              fields.stream()
                      .map(field -> escaped(field.name()) + "\t" + escaped(field.value()) + "\n")
                      .collect(Collectors.joining())
                  + "\n"
                  + escaped(body);
        };
  }

  private static String protocol(Case.Sent sent) {
    return switch (sent) {
      case Case.OverHttp1 _ -> "http/1";
      case Case.OverHttp2(_, _, var ownEnd) -> ownEnd ? "h2+data" : "h2";
    };
  }

  private static String lines(String bytes) {
    return Arrays.stream(bytes.split("\r\n", -1))
        .map(CaseText::escaped)
        .collect(Collectors.joining("\n"));
  }

  static Case read(String name, String text) {
    var lines = text.lines().dropWhile(line -> line.startsWith("#") || line.isBlank()).toList();
    var first = lines.getFirst().split(" ", -1);
    var message = lines.subList(1, lines.size());
    return new Case(
        name,
        World.valueOf(first[0].toUpperCase(Locale.ROOT)),
        first[1],
        first[2].equals("certificate"),
        switch (first[3]) {
          case "h2" -> http2(message, false);
          case "h2+data" -> http2(message, true);
          default -> http1(message);
        });
  }

  private static Case.Sent http1(List<String> lines) {
    int end = lines.indexOf("");
    var head = lines.subList(0, end < 0 ? lines.size() : end);
    var body = end < 0 ? List.<String>of() : lines.subList(end + 1, lines.size());
    return new Case.OverHttp1(
        head.stream().map(line -> plain(line) + "\r\n").collect(Collectors.joining()) + "\r\n",
        body.stream().map(CaseText::plain).collect(Collectors.joining("\r\n")));
  }

  private static Case.Sent http2(List<String> lines, boolean ownEnd) {
    int end = lines.indexOf("");
    var fields = new ArrayList<Field>();
    for (var line : lines.subList(0, end < 0 ? lines.size() : end)) {
      var parts = line.split("\t", 2);
      fields.add(new Field(plain(parts[0]), plain(parts[1])));
    }
    var body = end < 0 ? List.<String>of() : lines.subList(end + 1, lines.size());
    return new Case.OverHttp2(
        List.copyOf(fields),
        body.stream().map(CaseText::plain).collect(Collectors.joining("\n")),
        ownEnd);
  }

  private static String escaped(String bytes) {
    var text = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c == '\\') {
        text.append("\\\\");
      } else if (c < 0x20 || c > 0x7e) {
        text.append("\\x%02x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    var named = text.toString().replace(Cookies.SESSION, "{session}");
    for (var key : NamedKey.values()) {
      named = named.replace(key.text, key.placeholder());
    }
    return named;
  }

  private static String plain(String text) {
    var named = text.replace("{session}", Cookies.SESSION);
    for (var key : NamedKey.values()) {
      named = named.replace(key.placeholder(), key.text);
    }
    var bytes = new StringBuilder();
    for (int i = 0; i < named.length(); i++) {
      if (named.startsWith("\\x", i)) {
        bytes.append((char) Integer.parseInt(named.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        if (named.charAt(i) == '\\') {
          i++;
        }
        bytes.append(named.charAt(i));
      }
    }
    return bytes.toString();
  }
}
