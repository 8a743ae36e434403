package io.mapwright.operator.status;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text from a pod, an Event or a program, possibly chosen by a tenant, made safe for a condition:
 * one line, bounded, without terminal control characters, and without what looks like a secret.
 * Pure.
 */
public final class SanitizedText {
  /** No regular expression is applied to more. */
  private static final int MAX_INPUT = 1024;

  /** Number of lines of a program's output. */
  private static final int LAST_LINES = 3;

  private static final Pattern SPACE = Pattern.compile(" {2,}");

  private static final List<Masked> ALWAYS =
      List.of(
          // A user and a password before the host of a URL.
          new Masked(Pattern.compile("://\\S*@"), "://***@"),
          new Masked(Pattern.compile("mpw_pk_[0-9A-Za-z_]*"), "mpw_pk_***"),
          new Masked(Pattern.compile("(?i)\\b(bearer|basic) +[^ ]{8,}"), "$1 ***"));

  /**
   * Messages of Kubernetes contain names and digests that are needed; those in a log are masked.
   */
  private static final List<Masked> OF_PROGRAMS =
      List.of(
          new Masked(
              Pattern.compile(
                  "(?i)((?:passw(?:or)?d|pwd|passphrase|secret|token|credential|api[-_]?key|access[-_]?key)[-_a-z]{0,16}[\"']? ?[=:] ?)(?:\"[^\"]*\"?|'[^']*'?|[^ ]+)"),
              "$1***"),
          new Masked(Pattern.compile("[0-9A-Za-z+/=_-]{40,}"), "***"),
          new Masked(Pattern.compile("\\b[0-9a-fA-F]{32,}\\b"), "***"));

  private SanitizedText() {}

  private record Masked(Pattern pattern, String instead) {
    String in(String text) {
      return pattern.matcher(text).replaceAll(instead);
    }
  }

  /**
   * Quotes a message of a Kubernetes component.
   *
   * @param longest UTF-16 characters of the result, at most
   */
  public static String of(String words, int longest) {
    return Excerpt.of(masked(plain(Excerpt.of(words, MAX_INPUT)), ALWAYS), longest);
  }

  /**
   * Quotes the last lines of a program's output, separated by bars; empty if nothing can be shown.
   *
   * @param longest UTF-16 characters of the result, at most
   */
  public static String lastLines(String text, int longest) {
    if (text.contains("PRIVATE KEY")) {
      return "";
    }
    var lines =
        end(text).lines().map(SanitizedText::plain).filter(line -> !line.isEmpty()).toList();
    var last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    var joined =
        last.stream()
            .map(line -> masked(masked(line, ALWAYS), OF_PROGRAMS))
            .collect(Collectors.joining(" | "));
    // The end is more informative than the beginning.
    return Excerpt.of(joined.substring(Math.max(0, joined.length() - longest)), longest);
  }

  /** Starts at a line: text that marks a secret may precede it on the same line. */
  private static String end(String text) {
    if (text.length() <= MAX_INPUT) {
      return text;
    }
    var cut = text.substring(text.length() - MAX_INPUT);
    var line = cut.indexOf('\n');
    return line < 0 ? "" : cut.substring(line + 1);
  }

  private static String masked(String text, List<Masked> masks) {
    var result = text;
    for (var mask : masks) {
      result = mask.in(result);
    }
    return result;
  }

  /** One line of printable characters. */
  private static String plain(String text) {
    var shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> shown.appendCodePoint(isVisible(c) ? c : ' '));
    return SPACE.matcher(shown).replaceAll(" ").strip();
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
