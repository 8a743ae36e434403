package io.mapwright.operator.kube;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Turns a stream of JSON in UTF-8 into the same JSON in ASCII, buffer by buffer, wherever they are
 * cut: other characters can only be in strings, where JSON has escapes for them.
 */
final class AsciiJson {
  private static final int LAST_ASCII = 0x7f;

  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The bytes of a character whose others are in the next buffer: at most three. */
  private ByteBuffer rest = ByteBuffer.allocate(0);

  /** The next buffer, without the bytes of a character that is not complete yet. */
  ByteBuffer next(ByteBuffer utf8) {
    if (!rest.hasRemaining() && isAscii(utf8)) {
      return utf8;
    }
    var bytes = ByteBuffer.allocate(rest.remaining() + utf8.remaining()).put(rest).put(utf8).flip();
    var chars = CharBuffer.allocate(bytes.remaining());
    decoder.reset().decode(bytes, chars, false);
    rest = bytes;
    var ascii = new StringBuilder(chars.position());
    chars.flip().chars().forEach(character -> append(ascii, character));
    return ByteBuffer.wrap(ascii.toString().getBytes(US_ASCII));
  }

  private static void append(StringBuilder ascii, int character) {
    if (character <= LAST_ASCII) {
      ascii.append((char) character);
    } else {
      ascii.append(String.format("\\u%04x", character));
    }
  }

  private static boolean isAscii(ByteBuffer bytes) {
    for (var i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) < 0) {
        return false;
      }
    }
    return true;
  }
}
