package io.mapwright.operator.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The log of the container that prints the keys of a snapshot: a line {@code keys}, then {@code
 * 7.gz BASE64} for some of each file, one file behind the other, those of the newest snapshot first
 * and with {@code newest-} before their names, then how many lines that was. It comes from a
 * repository and a pod of a tenant, so each part of it is bounded, and a log that lost its
 * beginning or end is known as such.
 */
public final class KeyLog {
  /** What twice {@link KeyShard#COUNT} Secrets hold at most, as text; with names and marks. */
  public static final int MAX_BYTES = 48 << 20;

  private static final String NEWEST = "newest-";
  private static final String BEGIN = "keys";
  private static final int MAX_LINE = 4096;

  /** What a Secret holds at most, and so a file that the operator wrote. */
  private static final int MAX_FILE = 1 << 20;

  private static final Pattern FILE = Pattern.compile("(?:newest-)?(?:[0-9]|1[0-5])\\.gz");
  private static final Pattern END = Pattern.compile("[1-9][0-9]{0,8}");
  private static final String MIXED = "the log of the keys was truncated or mixed with other lines";

  /** Receives the records one by one. */
  public interface RecordConsumer {
    void accept(KeyRecord record) throws IOException;

    /** Receives a record of the newest snapshot, if another one is restored. These come first. */
    default void acceptNewest(KeyRecord record) throws IOException {}
  }

  private final BoundedLines lines;
  private final RecordConsumer consumer;
  private final Set<String> files = new HashSet<>();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private String file = "";

  private KeyLog(InputStream log, RecordConsumer consumer) {
    lines = new BoundedLines(log, "the log of the keys", MAX_LINE, MAX_BYTES);
    this.consumer = consumer;
  }

  /**
   * Reads to the end. Only then is it known whether the log is complete, so what must not be done
   * partially is done in a second reading.
   *
   * @throws UnusableKeys if the log is not the container's output, or too long
   * @throws IOException if it cannot be read, which may be retried
   */
  public static void read(InputStream log, RecordConsumer consumer) throws IOException {
    new KeyLog(log, consumer).read();
  }

  private void read() throws IOException {
    if (!BEGIN.equals(lines.next())) {
      throw new UnusableKeys(MIXED);
    }
    int number = 1;
    for (var line = lines.next(); line != null; line = lines.next()) {
      var blank = line.indexOf(' ');
      if (blank < 0) {
        end(line, number);
        return;
      }
      number++;
      line(line.substring(0, blank), line.substring(blank + 1));
    }
    throw new UnusableKeys(MIXED);
  }

  private void end(String line, int number) throws IOException {
    if (!END.matcher(line).matches() || Integer.parseInt(line) != number || lines.next() != null) {
      throw new UnusableKeys(MIXED);
    }
    decode();
  }

  private void line(String name, String text) throws IOException {
    if (!name.equals(file)) {
      decode();
      if (!FILE.matcher(name).matches()
          || !files.add(name)
          || (name.startsWith(NEWEST) && !file.isEmpty() && !file.startsWith(NEWEST))) {
        throw new UnusableKeys(MIXED);
      }
      file = name;
    }
    try {
      content.write(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      throw new UnusableKeys(MIXED);
    }
    if (content.size() > MAX_FILE) {
      throw new UnusableKeys("file " + file + " of the keys has more than " + MAX_FILE + " bytes");
    }
  }

  private void decode() throws IOException {
    if (content.size() > 0) {
      KeyShard.decode(
          content.toByteArray(), file.startsWith(NEWEST) ? consumer::acceptNewest : consumer);
      content.reset();
    }
  }
}
