package io.mapwright.operator.status;

/** The beginning of an untrusted text: no longer than allowed, and never half a character. */
public final class Excerpt {
  private Excerpt() {}

  /** Returns at most so many UTF-16 characters of a text. */
  public static String of(String text, int longest) {
    var whole = new StringBuilder(Math.min(text.length(), longest));
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      int length = Character.charCount(character);
      if (whole.length() + length > longest) {
        break;
      }
      // Half of a surrogate pair is no character, and invalid in JSON.
      whole.appendCodePoint(isHalf(character) ? '?' : character);
      i += length;
    }
    return whole.toString();
  }

  private static boolean isHalf(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }
}
