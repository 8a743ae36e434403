package io.mapwright.operator.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mapwright.operator.model.Names;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * A sixteenth of an instance's keys as one file: a compressed line of JSON for each record. 100,000
 * keys are some 0.5 MiB a file; a Secret holds 1 MiB.
 */
public final class KeyShard {
  public static final int COUNT = 16;

  /** A key with as many policies as it may name, each with as many origins as it may have. */
  private static final int MAX_RECORD = 5 << 18;

  /** Packed in 1 MiB: sixteen thousand keys that share policies of 4 KiB. */
  private static final long MAX_UNPACKED = 64 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private KeyShard() {}

  /** The file that a key belongs to: by its name, so that it stays there when it rotates. */
  public static int of(String namespace, String name) {
    return Character.digit(Names.sha256(namespace + "/" + name).charAt(0), COUNT);
  }

  /** Deterministic: equal records give equal bytes. */
  public static byte[] encode(List<KeyRecord> records) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(bytes)) {
      for (var record :
          records.stream()
              .sorted(
                  Comparator.comparing(
                          (KeyRecord r) -> Objects.requireNonNullElse(r.namespace(), ""))
                      .thenComparing(KeyRecord::name))
              .toList()) {
        zip.write(JSON.writeValueAsBytes(record));
        zip.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote, a record at a time.
   *
   * @throws UnusableKeys if it is truncated, invalid, or larger than any valid file
   */
  public static void decode(byte[] file, KeyLog.RecordConsumer consumer) throws IOException {
    try (var zip = new GZIPInputStream(new ByteArrayInputStream(file))) {
      var lines = new BoundedLines(zip, "a file of the keys", MAX_RECORD, MAX_UNPACKED);
      for (var line = lines.next(); line != null; line = lines.next()) {
        consumer.accept(record(line));
      }
    } catch (ZipException | EOFException _) {
      throw new UnusableKeys("a file of the keys is truncated or not compressed by gzip");
    }
  }

  private static KeyRecord record(String line) throws UnusableKeys {
    try {
      var record = JSON.readValue(line, KeyRecord.class);
      if (record != null && record.wellFormed()) {
        return record;
      }
    } catch (JsonProcessingException _) {
      // Its message would quote the text.
    }
    throw new UnusableKeys("a line in a file of the keys is not the record of a key");
  }
}
