package io.mapwright.operator.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of untrusted input. Keeps one line at a time, and fails if a line or the whole is too
 * long.
 */
final class BoundedLines {
  private final InputStream in;
  private final String name;
  private final int maxLine;
  private final long maxTotal;
  private final byte[] chunk = new byte[8192];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int count;
  private long total;

  /**
   * Begins.
   *
   * @param name name of the input, for error messages
   * @param maxLine maximum bytes of a line
   * @param maxTotal maximum bytes in total
   */
  BoundedLines(InputStream in, String name, int maxLine, long maxTotal) {
    this.in = in;
    this.name = name;
    this.maxLine = maxLine;
    this.maxTotal = maxTotal;
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
      if (line.size() + position - from > maxLine) {
        throw new UnusableKeys(name + " has a line of more than " + maxLine + " bytes");
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
    if (total > maxTotal) {
      throw new UnusableKeys(name + " has more than " + maxTotal + " bytes");
    }
    return count > 0;
  }

  private String text() {
    return line.toString(StandardCharsets.UTF_8);
  }
}
