package io.mapwright.operator.model;

import java.time.Duration;

/** Durations as users write them: a whole number and one of s, m, h, d. */
public final class Durations {
  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is not of the form that the CRD's pattern admits
   */
  public static Duration parse(String text) {
    var number = Long.parseLong(text, 0, text.length() - 1, 10);
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      case 'd' -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException("a duration ends in s, m, h or d: " + text);
    };
  }
}
