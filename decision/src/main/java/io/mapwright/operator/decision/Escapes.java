package io.mapwright.operator.decision;

import java.util.HexFormat;
import java.util.Optional;

/** Percent-encoding (RFC 3986, 2.1) of bytes that are characters of ISO 8859-1. */
final class Escapes {
  private Escapes() {}

  /** Upper-case escapes, and none for unreserved characters; empty if an escape is broken. */
  static Optional<String> normal(String text) {
    var normal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        normal.append(c);
        continue;
      }
      if (!escapeAt(text, i)) {
        return Optional.empty();
      }
      char decoded = decodedAt(text, i);
      if (unreserved(decoded)) {
        normal.append(decoded);
      } else {
        normal.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) decoded));
      }
      i += 2;
    }
    return Optional.of(normal.toString());
  }

  /** Every escape resolved once; empty if one is broken. */
  static Optional<String> decoded(String text) {
    var decoded = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '%') {
        decoded.append(text.charAt(i));
      } else if (escapeAt(text, i)) {
        decoded.append(decodedAt(text, i));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(decoded.toString());
  }

  static boolean escapeAt(String text, int at) {
    return at + 2 < text.length()
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2));
  }

  static char decodedAt(String text, int at) {
    return (char) HexFormat.fromHexDigits(text, at + 1, at + 3);
  }

  private static boolean unreserved(char c) {
    return Characters.letterOrDigit(c) || "-._~".indexOf(c) >= 0;
  }
}
