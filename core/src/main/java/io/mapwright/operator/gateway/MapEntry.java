package io.mapwright.operator.gateway;

import java.util.regex.Pattern;

/**
 * One line of a map as the runtime API takes it: a key without blanks, and a value on the same
 * line.
 */
public record MapEntry(GatewayMap map, String key, String value) {
  private static final Pattern WORD = Pattern.compile("[!-~]{1,512}");

  public MapEntry {
    if (!WORD.matcher(key).matches() || !WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a map entry is two words of visible ASCII; the key is " + Lexical.quoted(key));
    }
    if (key.startsWith("#")) {
      throw new IllegalArgumentException("a map key that starts with # would be read as a comment");
    }
    // The runtime API reads "\" and ";" as its own: an escape, and the end of a command.
    if (key.matches(".*[\\\\;].*") || value.matches(".*[\\\\;].*")) {
      throw new IllegalArgumentException("a map entry holds neither backslash nor semicolon");
    }
  }

  /** The line of a map file or of a runtime payload. */
  public String line() {
    return key + " " + value;
  }

  @Override
  public String toString() {
    return "MapEntry["
        + map
        + ", "
        + key
        + ", "
        + (map == GatewayMap.SESSION ? "***" : value)
        + "]";
  }
}
