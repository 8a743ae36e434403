package io.mapwright.operator.table;

/**
 * Text that may be written through HAProxy's command line without being misinterpreted.
 *
 * <p>The tokeniser splits at white space, ends a command at {@code ;} or a line end, unescapes
 * backslashes, starts a payload at {@code <<}, reads {@code #0x…} as the address of an entry and
 * {@code @1} as a version; {@code "} delimits what {@code get map} prints. There is no escape that
 * works in a command, in a payload and in an answer alike, so such text is refused instead of
 * encoded.
 */
public final class MapText {

  private static final int MAX_KEY = 1024;
  private static final int MAX_VALUE = 4096;

  private MapText() {}

  /** Returns whether {@code text} can be the key of a map entry. */
  public static boolean isKey(String text) {
    return text.length() <= MAX_KEY && isPlain(text);
  }

  /** Returns whether {@code text} can be the value of a map entry. */
  public static boolean isValue(String text) {
    return text.length() <= MAX_VALUE && isPlain(text);
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty()
        && "#@".indexOf(text.charAt(0)) < 0
        && text.chars().allMatch(MapText::isPlain);
  }

  private static boolean isPlain(int character) {
    return character > ' ' && character < 0x7f && "\\;\"'<".indexOf(character) < 0;
  }
}
