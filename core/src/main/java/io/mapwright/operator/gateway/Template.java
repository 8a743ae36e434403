package io.mapwright.operator.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Configuration text with {@code {{name}}} gaps. A gap left open, or a value for no gap, is a bug
 * and throws.
 */
record Template(String text) {
  private static final Pattern GAP = Pattern.compile("\\{\\{[A-Za-z]+}}");

  /** The text of a file beside this class. */
  static Template resource(String fileName) {
    try (var in = Template.class.getResourceAsStream(fileName)) {
      return new Template(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Template with(String name, Object value) {
    var gap = "{{" + name + "}}";
    if (!text.contains(gap)) {
      throw new IllegalStateException("no gap " + gap + " in " + text);
    }
    return new Template(text.replace(gap, value.toString()));
  }

  String done() {
    var open = GAP.matcher(text);
    if (open.find()) {
      throw new IllegalStateException("gap left open: " + open.group());
    }
    return text;
  }
}
