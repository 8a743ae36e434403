package io.mapwright.operator.decision;

/** Classes of ASCII; {@link Character} would let in letters and digits of every script. */
final class Characters {
  private Characters() {}

  static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean letterOrDigit(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean control(char c) {
    return c < 0x20 || c == 0x7f;
  }

  static boolean visible(char c) {
    return c > 0x20 && c < 0x7f;
  }
}
