package io.mapwright.operator.recovery;

import io.mapwright.operator.api.v1alpha1.ApiKeySpec;
import io.mapwright.operator.api.v1alpha1.InstanceRef;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Logs as the container prints them that has the keys of a snapshot, and as it never would. */
public final class PodLog {
  private PodLog() {}

  /** A record of a key for digest number n. */
  public static KeyRecord record(int n) {
    return new KeyRecord(null, "key-" + n, spec("%064x".formatted(n)), Map.of(), null);
  }

  private static ApiKeySpec spec(String digest) {
    return new ApiKeySpec(
        new InstanceRef("instance", null),
        List.of(Scope.TILES),
        null,
        null,
        null,
        null,
        null,
        null,
        digest,
        null);
  }

  /** A whole log with so many keys in one file. */
  public static String of(int keys) {
    return of(KeyShard.encode(IntStream.range(0, keys).mapToObj(PodLog::record).toList()));
  }

  public static String of(byte[]... files) {
    return of(List.of(), List.of(files));
  }

  /** The same with files of the newest snapshot. */
  public static String of(List<byte[]> newest, List<byte[]> files) {
    var lines = new StringBuilder("keys\n");
    append(lines, "newest-", newest);
    append(lines, "", files);
    return lines + (lines.chars().filter(c -> c == '\n').count() + "\n");
  }

  private static void append(StringBuilder lines, String mark, List<byte[]> files) {
    for (int file = 0; file < files.size(); file++) {
      var text = Base64.getEncoder().encodeToString(files.get(file));
      for (int from = 0; from < text.length(); from += 4000) {
        lines
            .append(mark)
            .append(file)
            .append(".gz ")
            .append(text, from, Math.min(text.length(), from + 4000));
        lines.append('\n');
      }
    }
  }

  /**
   * So many times one text, which zip makes a thousandth of: zipped once, for what is zipped may be
   * joined.
   */
  public static byte[] zipped(String text, int times) {
    var member = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(member)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      all.writeBytes(member.toByteArray());
    }
    return all.toByteArray();
  }

  /** What is no log of keys, or more than one, by what is wrong with it. */
  public static Map<String, String> unusable() {
    var good = of(3);
    var bomb = zipped("x".repeat(1 << 20), 300);
    return Map.ofEntries(
        Map.entry("nothing", ""),
        Map.entry("the beginning is lost", good.substring(good.indexOf('\n') + 1)),
        Map.entry("the end is lost", good.substring(0, good.lastIndexOf('\n', good.length() - 2))),
        Map.entry("a line in the middle is lost", of(9_999).replaceFirst("\\n0.gz [^\\n]*", "")),
        Map.entry("something follows", good + "more\n"),
        Map.entry("another program's lines", good.replaceFirst("\\n", "\nW: \n")),
        Map.entry("no base64", "keys\n0.gz %%%%\n2\n"),
        Map.entry("no gzip", of(new byte[] {1, 2, 3})),
        Map.entry("a name that is no file's", good.replace("0.gz", "16.gz")),
        Map.entry("a file that comes twice", "keys\n0.gz H4sI\n1.gz H4sI\n0.gz H4sI\n4\n"),
        Map.entry("an endless line", "keys\n0.gz " + "A".repeat(1 << 20)),
        Map.entry("a file beyond a Secret", of(new byte[(1 << 20) + 1])),
        Map.entry("300 MiB in 300 KiB of gzip", of(bomb)),
        Map.entry("300 MiB in lines of a record's length", of(zipped("{}\n".repeat(1 << 20), 100))),
        Map.entry("null", of(zipped("null\n", 1))),
        Map.entry("a record without a digest", of(zipped("{\"name\":\"a\",\"spec\":{}}\n", 1))),
        Map.entry("a thousand levels", of(zipped("[".repeat(100_000) + "\n", 1))),
        Map.entry("a path for a name", of(KeyShard.encode(List.of(named("../../secrets"))))));
  }

  private static KeyRecord named(String name) {
    var record = record(1);
    return new KeyRecord(record.namespace(), name, record.spec(), record.policies(), record.cut());
  }

  static String names(List<KeyRecord> records) {
    return records.stream().map(KeyRecord::name).collect(Collectors.joining(" "));
  }
}
