package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads a gateway's log as it grows. */
final class LogTail implements AutoCloseable {
  private static final Pattern TEXT = Pattern.compile("\"([A-Za-z]+)\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private final RandomAccessFile file;
  private String rest = "";

  LogTail(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
  }

  /** Hand over every line that was finished since the last call. */
  void read(Consumer<String> lines) throws IOException {
    var bytes = new byte[(int) Math.min(file.length() - file.getFilePointer(), 1 << 24)];
    file.readFully(bytes);
    var text = rest + new String(bytes, ISO_8859_1);
    int end = text.lastIndexOf('\n') + 1;
    rest = text.substring(end);
    text.substring(0, end).lines().forEach(lines);
  }

  /** The texts of a line's flat object. */
  static Map<String, String> texts(String line) {
    var texts = new TreeMap<String, String>();
    var matcher = TEXT.matcher(line);
    while (matcher.find()) {
      texts.put(matcher.group(1), matcher.group(2));
    }
    return texts;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
