package io.mapwright.operator.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shell scripts of the jobs, kept as files beside this class. */
final class Scripts {
  private Scripts() {}

  /** Returns the concatenated files. */
  static String of(String... files) {
    return Stream.of(files).map(Scripts::read).collect(Collectors.joining());
  }

  private static String read(String file) {
    try (var in = Scripts.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
