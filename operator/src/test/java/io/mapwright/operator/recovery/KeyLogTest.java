package io.mapwright.operator.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyLogTest {
  @Test
  void wholeLogIsRead() throws IOException {
    var file = KeyShard.encode(List.of(PodLog.record(1), PodLog.record(2)));
    var other = KeyShard.encode(List.of(PodLog.record(3)));
    assertThat(PodLog.names(read(PodLog.of(file, other)))).isEqualTo("key-1 key-2 key-3");
    assertThat(read(PodLog.of())).isEmpty();
  }

  /** The two ends of the format, one in shell and one in Java. */
  @Test
  void scriptPrintsWhatIsRead(@TempDir Path keys) throws Exception {
    for (int file = 0; file < KeyShard.COUNT; file++) {
      var from = file * 1000;
      var records = IntStream.range(from, from + 1000).mapToObj(PodLog::record).toList();
      Files.write(keys.resolve(file + ".gz"), KeyShard.encode(records));
    }
    assertThat(read(print(keys))).hasSize(16_000);
  }

  @Test
  void scriptThatFindsNoFilePrintsAWholeLogToo(@TempDir Path keys) throws Exception {
    assertThat(print(keys)).isEqualTo("keys\n1\n");
    assertThat(read(print(keys))).isEmpty();
  }

  static Stream<Arguments> unusable() {
    return PodLog.unusable().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void whatIsNoLogOfKeysIsRefusedAndNotQuoted(String what, String log) {
    assertThatThrownBy(() -> read(log))
        .as(what)
        .isInstanceOf(UnusableKeys.class)
        .hasNoCause()
        .message()
        .hasSizeLessThan(120);
  }

  @Test
  void endlessLogIsReadToItsCapOnly() {
    var line = ("0.gz " + "A".repeat(4000) + "\n").getBytes(StandardCharsets.US_ASCII);
    var endless = new Endless(line);
    assertThatThrownBy(() -> KeyLog.read(endless, _ -> {})).isInstanceOf(UnusableKeys.class);
    assertThat(endless.given).isLessThan(KeyLog.MAX_BYTES + 10_000);
  }

  /** Begins like a log of keys and never ends. */
  private static final class Endless extends InputStream {
    private static final String BEGIN = "keys\n";
    private final byte[] line;
    private int given;

    Endless(byte[] line) {
      this.line = line;
    }

    @Override
    public int read() {
      int at = given++ - BEGIN.length();
      return at < 0 ? BEGIN.charAt(at + BEGIN.length()) : line[at % line.length];
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        target[i] = (byte) read();
      }
      return length;
    }
  }

  private static List<KeyRecord> read(String log) throws IOException {
    var records = new ArrayList<KeyRecord>();
    KeyLog.read(new ByteArrayInputStream(log.getBytes(StandardCharsets.US_ASCII)), records::add);
    return records;
  }

  private static String print(Path keys) throws Exception {
    var path = "/io/mapwright/operator/backup/keys.sh";
    try (var in = Objects.requireNonNull(KeyLogTest.class.getResourceAsStream(path))) {
      var script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(script).contains("/mapwright/keys/");
      var shell =
          new ProcessBuilder("/bin/sh", "-c", script.replace("/mapwright/keys/", keys + "/"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
