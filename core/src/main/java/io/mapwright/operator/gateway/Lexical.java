package io.mapwright.operator.gateway;

import java.util.regex.Pattern;

/**
 * Rejects text that would not stay one word in a configuration or map file. Both formats are
 * line-based and split at blanks, so every pattern here is an allow-list.
 */
final class Lexical {
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*)+/?");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");
  private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern FILE = Pattern.compile("/[A-Za-z0-9._/-]*[A-Za-z0-9_-]");

  private Lexical() {}

  static String host(String what, String host) {
    return match(
        HOST,
        what,
        host,
        "a DNS name in lower case, without port (Unicode names in their punycode form)");
  }

  static String path(String what, String path) {
    return match(PATH, what, path, "an absolute path of plain segments, such as /v1/tiles/");
  }

  static String name(String what, String name) {
    return match(NAME, what, name, "1 to 64 letters, digits, '.', '_' or '-'");
  }

  static String cookie(String what, String name) {
    return match(COOKIE, what, name, "1 to 64 letters, digits, '_' or '-'");
  }

  static String folder(String what, String path) {
    return match(FILE, what, path, "an absolute path of letters, digits, '.', '_' and '-'");
  }

  static int between(String what, int low, int value, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          what + " is " + value + ", must be " + low + " to " + high);
    }
    return value;
  }

  private static String match(Pattern pattern, String what, String text, String expected) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(what + " " + quoted(text) + " is not " + expected);
    }
    return text;
  }

  /** Quote user text for a message: control characters shown, length bounded. */
  static String quoted(String text) {
    var shown = new StringBuilder("\"");
    text.codePoints()
        .limit(100)
        .forEach(c ->
            shown.append(
                c < 0x20 || c == 0x7f ? String.format("\\u%04x", c) : Character.toString(c)));
    return shown.append(text.length() > 100 ? "…\"" : "\"").toString();
  }
}
