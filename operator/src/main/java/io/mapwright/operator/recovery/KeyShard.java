package io.mapwright.operator.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mapwright.operator.model.Names;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A sixteenth of an instance's keys as one file: a compressed line of JSON for each record. 100,000
 * keys are some 0.5 MiB a file; a Secret holds 1 MiB.
 */
public final class KeyShard {
  public static final int COUNT = 16;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private KeyShard() {}

  /** The file that a key belongs to: by its name, so that it stays there when it rotates. */
  public static int of(String namespace, String name) {
    return Character.digit(Names.sha256(namespace + "/" + name).charAt(0), COUNT);
  }

  /** Same records, same bytes. */
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
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is cut or is something else
   */
  public static List<KeyRecord> decode(byte[] file) throws IOException {
    var records = new ArrayList<KeyRecord>();
    try (var zip = new GZIPInputStream(new ByteArrayInputStream(file))) {
      var text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
      for (var line : text.lines().toList()) {
        records.add(JSON.readValue(line, KeyRecord.class));
      }
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
      throw new IOException("a line is not a key record, at " + e.getLocation(), null);
    }
    return records;
  }
}
