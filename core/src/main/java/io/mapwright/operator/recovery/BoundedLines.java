package io.mapwright.operator.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of what somebody else wrote. Holds one line at a time, and gives up at a line that is
 * too long or a whole that is too much.
 */
final class BoundedLines {
  private final InputStream in;
  private final String what;
  private final int longest;
  private final long most;
  private final byte[] chunk = new byte[8192];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int count;
  private long total;

  /**
   * Begins.
   *
   * @param what its name, for the message if it is too much
   * @param longest bytes of a line
   * @param most bytes of all
   */
  BoundedLines(InputStream in, String what, int longest, long most) {
    this.in = in;
    this.what = what;
    this.longest = longest;
    this.most = most;
  }

  /** Returns the next line without its end; null after the last. */
  @Nullable String next() throws IOException {
    line.reset();
    while (true) {
      if (position == count && !fill()) {
        return line.size() > 0 ? text() : null;
      }
      int from = position;
      while (position < count && chunk[position] != '\n') {
        position++;
      }
      if (line.size() + position - from > longest) {
        throw new UnusableKeys(what + " has a line of more than " + longest + " bytes");
      }
      line.write(chunk, from, position - from);
      if (position < count) {
        position++;
        return text();
      }
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    count = Math.max(0, in.read(chunk));
    total += count;
    if (total > most) {
      throw new UnusableKeys(what + " has more than " + most + " bytes");
    }
    return count > 0;
  }

  private String text() {
    return line.toString(StandardCharsets.UTF_8);
  }
}
